import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { builtEntry } from './installation.js';
import { freePort } from './ports.js';
import { readProcesses, type ProcessEntry } from './processes-file.js';

/** The whole platform as `npm start` runs it, in a folder and on a port of its own. */
export type WholePlatform = Readonly<{
  url: string;
  dataDir: string;
  /** The first account, which may be made a little after the gateway is ready. */
  firstAccount: Readonly<{ email: string; password: string }>;
  /** @throws Error where the launcher has ended, or runs no such process. */
  process: (name: string) => ProcessEntry;
  /** Resolves once every one of them runs and is ready. @throws Error where the launcher ends before. */
  whenReady: (...names: string[]) => Promise<void>;
  /** Ends everything as Ctrl-C does, and gives the launcher's exit code. `keep` leaves the folder. */
  stop: (options?: Readonly<{ keep?: boolean }>) => Promise<number | null>;
}>;

export type WholePlatformSettings = Readonly<{
  env?: Readonly<Record<string, string>>;
  /** What is waited for; all of it where nothing is said. */
  until?: readonly string[];
}>;

const everything = [
  ...['event-store', 'postgres', 'mongodb', 'temporal', 'jaeger'],
  ...['payment-provider', 'gateway', 'projections', 'workflows', 'auditor'],
];

/** Starts the built platform. @throws Error where it does not start. */
export const startWholePlatform = async ({
  env = {},
  until = everything,
}: WholePlatformSettings = {}): Promise<WholePlatform> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'evermart-whole-'));
  // PostgreSQL runs as a user of its own, who must be able to enter.
  await chmod(dataDir, 0o711);
  const port = await freePort();
  const launcher = spawn(process.execPath, [builtEntry('infra/engines/main.js')], {
    env: { ...process.env, ...env, DATA_DIR: dataDir, PORT: String(port), NODE_OPTIONS: '' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaints = '';
  launcher.stderr.on('data', (text: Buffer) => (complaints += text.toString()));

  const find = (name: string): ProcessEntry | undefined => {
    if (hasEnded(launcher)) throw new Error(`The launcher ended: ${complaints}`);
    return readProcesses(dataDir)?.processes.find((each) => each.name === name);
  };
  const whenReady = async (...names: string[]) => {
    for (const name of names) while (!isUp(find(name))) await pause(100);
  };
  const stop: WholePlatform['stop'] = async ({ keep = false } = {}) => {
    const code = await endOf(launcher);
    if (!keep) await rm(dataDir, { recursive: true, force: true });
    return code;
  };

  try {
    await whenReady(...until);
    const firstAccount = await firstAccountIn(dataDir);
    const entryOf = (name: string): ProcessEntry => {
      const entry = find(name);
      if (!entry) throw new Error(`There is no process ${name}`);
      return entry;
    };
    return { url: `http://127.0.0.1:${port}`, dataDir, firstAccount, process: entryOf, whenReady, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

const isUp = (entry: ProcessEntry | undefined) => entry?.state === 'ready' || entry?.state === 'external';

const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;

const endOf = async (launcher: ChildProcess): Promise<number | null> => {
  if (hasEnded(launcher)) return launcher.exitCode;
  const ended = once(launcher, 'exit');
  launcher.kill('SIGTERM');
  await ended;
  return launcher.exitCode;
};

const firstAccountIn = async (dataDir: string) =>
  JSON.parse(await readFile(join(dataDir, 'admin.json'), 'utf8')) as WholePlatform['firstAccount'];
