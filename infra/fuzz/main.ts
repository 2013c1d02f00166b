import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { packageFolder } from '../engines/installation.js';
import { onStopSignals } from '../engines/stop-signals.js';
import type { WholePlatform } from '../engines/whole-platform.js';
import { startFuzzedPlatform } from './platform.js';
import { NoPython, obtainSchemathesis, type Schemathesis } from './schemathesis.js';
import { amountOf, runSettings } from './settings.js';
import { fillShop, personNames, type PersonName, type Shop } from './shop.js';

const callers = ['anonymous', ...personNames] as const;
type Caller = (typeof callers)[number];

type Options = Readonly<{ seed: number; cases: number; as: readonly Caller[]; optional?: boolean }>;

const wholeNumber = (text: string) => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 2 ** 31 - 1)
    throw new InvalidArgumentError('It must be a whole number, 1 to 2147483647.');
  return value;
};

const say = (text: string) => void process.stderr.write(`${text}\n`);

const fuzz = async ({ seed, cases, as, optional = false }: Options): Promise<void> => {
  const schemathesis = await obtainSchemathesis(say).catch((error: unknown) => {
    const isExcused = optional && error instanceof NoPython;
    say(`${isExcused ? 'The API was not fuzzed. ' : ''}${(error as Error).message}`);
    process.exitCode = isExcused ? 0 : 1;
  });
  if (!schemathesis) return;
  say('Starting a platform');
  const platform = await startFuzzedPlatform();
  onStopSignals({ stop: () => void platform.stop().then(() => process.exit(130)), kill: () => process.exit(130) });
  try {
    const failed = await failedAs(as, { schemathesis, platform, seed, cases: Math.ceil(cases / as.length) });
    const told = failed.length === 0 ? 'nothing was found' : `something was found as ${failed.join(' and ')}`;
    process.stdout.write(`seed ${seed}: ${told}\n`);
    process.exitCode = failed.length === 0 ? 0 : 1;
  } catch (error) {
    say(`seed ${seed}: ${(error as Error).message}`);
    process.exitCode = 1;
  } finally {
    await platform.stop();
  }
};

type Parts = Readonly<{ schemathesis: Schemathesis; platform: WholePlatform; seed: number; cases: number }>;

const failedAs = async (as: readonly Caller[], parts: Parts): Promise<readonly Caller[]> => {
  const { platform, seed } = parts;
  const shop = await fillShop(platform.url, platform.firstAccount);
  const failed: Caller[] = [];
  for (const caller of as) {
    say(`Asking as ${caller}, seed ${seed}`);
    if (!(await holdsAs(caller, shop, parts))) failed.push(caller);
  }
  return failed;
};

const holdsAs = async (
  caller: Caller,
  { people, other, known }: Shop,
  { schemathesis, platform: { url }, seed, cases }: Parts,
): Promise<boolean> => {
  const folder = await mkdtemp(join(tmpdir(), 'evermart-fuzz-settings-'));
  try {
    const ours = join(packageFolder, 'infra/fuzz');
    const settings = join(folder, 'schemathesis.toml');
    const person = caller === 'anonymous' ? null : people[caller];
    const common = await readFile(join(ours, 'schemathesis.toml'), 'utf8');
    await writeFile(settings, `${common}\n${runSettings(known, person, amountOf(cases, await operationsAt(url)))}\n`);
    await copyFile(join(ours, 'hooks.py'), join(folder, 'hooks.py'));
    const kept = personNames.map((name: PersonName) => people[name].id).join(',');
    return await schemathesis(
      ['--config-file', settings, 'run', `${url}/openapi.json`, '--url', url, '--seed', String(seed)],
      { folder, env: { FUZZ_KEPT_USERS: kept, FUZZ_OTHER_USER: other.id } },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const operationsAt = async (url: string): Promise<number> => {
  const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as { paths: Readonly<Record<string, object>> };
  return Object.values(paths).flatMap((path) => Object.keys(path)).length;
};

await new Command('fuzz:api')
  .description(
    'Sends the API what Schemathesis makes of its description, well formed or not, and holds the answers against it.',
  )
  .option('--cases <n>', 'about how many random requests, beside one for each limit of each field', wholeNumber, 4_000)
  .option('--seed <n>', 'repeats the choices of an earlier run', wholeNumber, 1 + (Date.now() % 1_000_000_000))
  .addOption(
    new Option('--as <callers...>', 'who asks; everybody is one person with all roles')
      .choices(callers)
      .default(['anonymous', 'customer', 'staff', 'admin']),
  )
  .option('--optional', 'succeed, and say so, where there is no Python to do it with')
  .addHelpText(
    'after',
    `
It starts a platform of its own in a temporary folder, and needs Python 3.11 or newer; Schemathesis is installed beside
the engines (EVERMART_CACHE_DIR, ~/.cache/evermart). Exits with 1 when something is found.`,
  )
  .action(fuzz)
  .parseAsync();
