import { tmpdir } from 'node:os';
import { Command } from 'commander';
import type { Progress } from './binary.js';
import type { Engine } from './engine.js';
import { enginesOf } from './engines.js';
import { holdRandomPort } from './ports.js';
import { obtainRedisServer } from './redis-server.js';

/** Has every engine that is not part of the npm packages at hand. @throws Error naming those that cannot be had. */
const obtainEngines = async (env: NodeJS.ProcessEnv, say: (line: string) => void): Promise<void> => {
  const context = { dataDir: tmpdir(), env, holdPort: holdRandomPort, signal: new AbortController().signal };
  const engines = (await enginesOf(context)).filter(({ name }) => name !== 'event-store' && name !== 'postgres');
  const redis: Obtained = {
    name: 'redis',
    remedy: 'Put a redis-server on PATH',
    obtain: (progress) => obtainRedisServer({ ...context, progress }),
  };
  const outcomes = await Promise.allSettled([...engines.map(asObtained), redis].map((engine) => obtain(engine, say)));
  const missing = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : []));
  if (missing.length > 0) throw new Error(missing.join('\n'));
};

const asObtained = ({ variable, ...engine }: Engine): Obtained => ({
  ...engine,
  remedy: `Set ${variable} to use a running one`,
});

type Obtained = Readonly<{ name: string; remedy: string; obtain?: (progress: Progress) => Promise<unknown> }>;

const obtain = async ({ name, remedy, obtain: find }: Obtained, say: (line: string) => void): Promise<void> => {
  if (find === undefined) return;
  let shown = '';
  try {
    await find((state) => {
      if (state !== shown) say(`${name}: ${state}`);
      shown = state;
    });
  } catch (error) {
    throw new Error(`${name} is not to be had: ${(error as Error).message}. ${remedy}.`, {
      cause: error,
    });
  }
};

await new Command('engines')
  .description(
    'Downloads or builds every engine that is not at hand yet, as npm start would. Takes minutes the first time.',
  )
  .action(async () => {
    try {
      await obtainEngines(process.env, (line) => void process.stdout.write(`${line}\n`));
    } catch (error) {
      process.stderr.write(`${(error as Error).message}\n`);
      process.exitCode = 1;
    }
  })
  .parseAsync();
