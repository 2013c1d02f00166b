import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { holdRandomPort } from '../engines/ports.js';

export type ProcessesSettings = Readonly<{
  /** The built entry file of the domains. */
  entry: string;
  count: number;
  contexts: readonly string[];
  /** All variables of the processes but those of their ports. */
  env: Readonly<Record<string, string>>;
}>;

/** Processes that all run the same contexts: where each of them listens. */
export type Processes = Readonly<{ urls: readonly string[]; stop: () => Promise<void> }>;

/** Starts processes of the domains; resolves when all are ready. @throws Error when one ends before it is. */
export const startProcesses = async ({ entry, count, contexts, env }: ProcessesSettings): Promise<Processes> => {
  const ports = await Promise.all(Array.from({ length: count }, () => holdRandomPort(0)));
  await Promise.all(ports.map((port) => port.release()));
  const started = ports.map(({ number }) => ({
    url: `http://127.0.0.1:${number}`,
    child: fork(entry, [], {
      env: {
        ...env,
        CONTEXTS: contexts.join(','),
        DOMAINS_PORT: String(number),
        LOG_LEVEL: 'error',
        EVERMART_LAUNCHER: '1',
      },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      execArgv: [],
    }),
  }));
  const stop = async () => {
    await Promise.all(started.map(({ child }) => ended(child)));
  };
  try {
    await Promise.all(started.map(({ child, url }) => untilReady(child, url)));
  } catch (error) {
    await stop();
    throw error;
  }
  return { urls: started.map(({ url }) => url), stop };
};

const untilReady = async (child: ChildProcess, url: string): Promise<void> => {
  while (!(await isReady(url))) {
    if (hasEnded(child)) throw new Error('A process of the domains ended before it was ready');
    await pause(50);
  }
};

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/health/ready`).then(
    ({ status }) => status === 200,
    () => false,
  );

const ended = async (child: ChildProcess): Promise<void> => {
  if (hasEnded(child)) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
};

const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;
