import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readProcesses, type ProcessEntry } from '../../../infra/engines/processes-file.js';
import { freePort } from '../../../infra/process/testing/free-port.js';
import { createApiClient, type ApiClient } from '../../client/api-client.js';
import { eventually } from './eventually.js';

/** The whole platform as `npm start` runs it, in a folder and on a port of its own. */
export type RunningPlatform = Readonly<{
  url: string;
  dataDir: string;
  /** The API in the name of the first account, which is staff. */
  staff: ApiClient;
  process: (name: string) => ProcessEntry;
  /** Ends a process as the kernel would (SIGKILL). */
  killProcess: (name: string) => void;
  /** Resolves once every one of them runs and is ready. */
  whenReady: (...names: string[]) => Promise<void>;
  /** Ends everything as Ctrl-C does, and gives the launcher's exit code. `keep` leaves the folder. */
  stop: (options?: Readonly<{ keep?: boolean }>) => Promise<number | null>;
}>;

const everything = [
  ...['event-store', 'postgres', 'mongodb', 'temporal', 'jaeger'],
  ...['payment-provider', 'gateway', 'projections', 'workflows'],
];

/** Starts the built platform; resolves when all of it, or `until`, is ready. */
export const startPlatformForTests = async ({
  env = {},
  until = everything,
}: Readonly<{ env?: Readonly<Record<string, string>>; until?: readonly string[] }> = {}): Promise<RunningPlatform> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'evermart-e2e-'));
  // PostgreSQL runs as a user of its own, who must be able to enter.
  await chmod(dataDir, 0o711);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const launcher = spawn(process.execPath, ['dist/infra/engines/main.js'], {
    env: { ...process.env, ...env, DATA_DIR: dataDir, PORT: String(port), NODE_OPTIONS: '' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaints = '';
  launcher.stderr.on('data', (text: Buffer) => (complaints += text.toString()));

  const find = (name: string): ProcessEntry => {
    if (launcher.exitCode !== null) throw new Error(`The launcher ended: ${complaints}`);
    const entry = readProcesses(dataDir)?.processes.find((each) => each.name === name);
    if (!entry) throw new Error(`There is no process ${name}`);
    return entry;
  };
  const whenReady = async (...names: string[]) => {
    for (const name of names) await eventually(async () => Promise.resolve(isUp(find(name))));
  };

  await whenReady(...until);
  return {
    url,
    dataDir,
    staff: await signInAsAdmin(url, dataDir),
    process: find,
    killProcess: (name) => {
      const { pid } = find(name);
      if (pid === null) throw new Error(`${name} does not run`);
      process.kill(pid, 'SIGKILL');
    },
    whenReady,
    stop: async ({ keep = false } = {}) => {
      const code = await endOf(launcher);
      if (!keep) await rm(dataDir, { recursive: true, force: true });
      return code;
    },
  };
};

const isUp = ({ state }: ProcessEntry) => state === 'ready' || state === 'external';

const endOf = async (launcher: ChildProcess): Promise<number | null> => {
  if (launcher.exitCode !== null) return launcher.exitCode;
  const ended = once(launcher, 'exit');
  launcher.kill('SIGTERM');
  await ended;
  return launcher.exitCode;
};

const signInAsAdmin = async (url: string, dataDir: string): Promise<ApiClient> => {
  const admin = JSON.parse(await readFile(join(dataDir, 'admin.json'), 'utf8')) as { email: string; password: string };
  return eventually(() => createApiClient(url).signIn(admin));
};
