import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessState } from './processes-file.js';

/** How to start a process. With `ipc` it can tell when the launcher dies. */
export type Launch = Readonly<{
  command: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  ipc?: boolean;
  uid?: number;
  gid?: number;
}>;

/** A program that is to run all the time. `launch` is asked before each start and may prepare what that start needs. */
export type Service = Readonly<{
  launch: () => Promise<Launch> | Launch;
  isReady: () => Promise<boolean>;
  log: string;
  stopSignal?: NodeJS.Signals;
}>;

export type ChildChange = Readonly<{ state: ProcessState; pid: number | null; note?: string }>;

/** A running service: `restart` ends the process so that it starts anew, `stop` waits until it is gone for good. */
export type Child = Readonly<{ restart: () => void; stop: () => Promise<void>; kill: () => void }>;

const firstDelay = 200;
const longestDelay = 10_000;
const steadyAfter = 30_000;
const patience = 10_000;

/** The pause before a start that follows so many ends in a row. */
export const delayAfter = (failures: number): number => Math.min(firstDelay * 2 ** (failures - 1), longestDelay);

/**
 * Starts a service and keeps it running: a process that ends is started again, after a pause that doubles with every
 * end until one stayed up for a while. Tells every change of state.
 */
export const keepRunning = (service: Service, tell: (change: ChildChange) => void): Child => {
  const stopping = new AbortController();
  const stopSignal = service.stopSignal ?? 'SIGTERM';
  const isStopping = () => stopping.signal.aborted;
  let child: ChildProcess | undefined;

  const runForGood = async () => {
    let failures = 0;
    while (!isStopping()) {
      const startedAt = Date.now();
      const reason = await runOnce().catch((error: unknown) => (error as Error).message);
      if (isStopping()) return;
      failures = Date.now() - startedAt > steadyAfter ? 1 : failures + 1;
      const delay = delayAfter(failures);
      const note = `${reason}; starting it again in ${delay / 1000} s`;
      tell({ state: 'restarting', pid: null, note });
      await sleep(delay, undefined, { signal: stopping.signal }).catch(onlyStopped(stopping.signal));
    }
  };

  const runOnce = async (): Promise<string> => {
    const launch = await Promise.race([service.launch(), aborted(stopping.signal)]);
    if (launch === undefined || isStopping()) return 'stopped';
    child = start(launch, service.log);
    const ended = endOf(child);
    if (child.pid !== undefined) tell({ state: 'starting', pid: child.pid });
    const isUp = new AbortController();
    const asking = async () => {
      try {
        return await service.isReady();
      } catch (error) {
        tell({ state: 'starting', pid: child?.pid ?? null, note: (error as Error).message });
        return false;
      }
    };
    const watching = untilReady(asking, isUp.signal).then((ready) => {
      if (ready && !isStopping()) tell({ state: 'ready', pid: child?.pid ?? null });
    });
    const reason = await ended;
    child = undefined;
    isUp.abort();
    await watching;
    return reason;
  };

  const running = runForGood();
  return {
    restart: () => void child?.kill(stopSignal),
    kill: () => {
      stopping.abort();
      child?.kill('SIGKILL');
    },
    stop: async () => {
      stopping.abort();
      child?.kill(stopSignal);
      const timer = setTimeout(() => child?.kill('SIGKILL'), patience);
      await running;
      clearTimeout(timer);
      tell({ state: 'stopped', pid: null });
    },
  };
};

const start = ({ command, args, env, ipc, uid, gid }: Launch, log: string): ChildProcess => {
  const output = openSync(log, 'a', 0o600);
  try {
    return spawn(command, args, {
      env,
      stdio: ['ignore', output, output, ...(ipc === true ? (['ipc'] as const) : [])],
      // In a process group of its own: Ctrl-C reaches the launcher only, which stops everything in order.
      detached: true,
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
    });
  } finally {
    closeSync(output);
  }
};

const endOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    child.once('error', (error) => resolve(`cannot be started: ${error.message}`));
    child.once('exit', (code, signal) => {
      resolve(signal === null ? `ended with code ${code ?? '?'}` : `was ended by ${signal}`);
    });
  });

/** Asks ever less often, so that what waits for an engine under construction costs little. */
const untilReady = async (isReady: () => Promise<boolean>, signal: AbortSignal): Promise<boolean> => {
  for (let pause = 50; !signal.aborted; pause = Math.min(pause * 1.2, 1_000)) {
    if (await isReady()) return !signal.aborted;
    await sleep(pause, undefined, { signal }).catch(onlyStopped(signal));
  }
  return false;
};

const aborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));

const onlyStopped = (signal: AbortSignal) => (error: unknown) => {
  if (!signal.aborted) throw error;
};
