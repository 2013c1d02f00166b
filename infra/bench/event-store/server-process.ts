import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A server of its own process, so that it does not share the client's thread. */
export type ServerProcess = Readonly<{ url: string; residentMiB: () => number; stop: () => Promise<void> }>;

/** Starts the server that keeps nothing. */
export const startStub = (): Promise<ServerProcess> => start(new URL('./stub.js', import.meta.url), []);

/** Starts the embedded event store on a database file. */
export const startEventStore = (file: string): Promise<ServerProcess> =>
  start(new URL('../../event-store-server/main.js', import.meta.url), ['--db', file, '--port', '0']);

const start = async (module: URL, args: readonly string[]): Promise<ServerProcess> => {
  const child = fork(fileURLToPath(module), args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'], execArgv: [] });
  return { url: await urlOf(child), residentMiB: () => residentMiB(child.pid ?? 0), stop: () => stop(child) };
};

const urlOf = async (child: ChildProcess) => {
  const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer];
  const url = /esdb:\S+/.exec(line.toString())?.[0];
  if (url === undefined) throw new Error(`The server did not say where it listens: ${line.toString()}`);
  return url;
};

const stop = async (child: ChildProcess) => {
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
};

const residentMiB = (pid: number) =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
