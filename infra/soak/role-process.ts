import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../engines/ports.js';

export type RoleSettings = Readonly<{
  /** The built entry file. */
  entry: string;
  /** All variables of the process but that of its port. */
  env: Readonly<Record<string, string>>;
  /** The variable that says on which port it answers. */
  portVariable: string;
  /** What it answers with success once it is ready. */
  readyPath?: string;
}>;

/** One role of the platform as a process that can be killed and paused, and started again on the same port. */
export type RoleProcess = Readonly<{
  url: string;
  /** The id of the process that runs now, or ran last. */
  pid: () => number;
  start: () => void;
  /** Resolves once it is ready. @throws Error when it ended by itself. */
  whenReady: () => Promise<void>;
  /** Ends it as the kernel would (SIGKILL); resolves when it is gone. @throws Error when it had ended by itself. */
  kill: () => Promise<void>;
  /** Pauses it (SIGSTOP): it keeps its connections and says nothing. */
  freeze: () => void;
  /** Lets it go on (SIGCONT). */
  thaw: () => void;
  /** Ends it in order, if it runs. */
  stop: () => Promise<void>;
}>;

/** The few callers of a soak stand for many. */
const unlimited = { RATE_LIMIT_PER_SECOND: '1000000', RATE_LIMIT_BURST: '1000000' };

/** A role that has not been started yet. */
export const createRoleProcess = async ({
  entry,
  env,
  portVariable,
  readyPath = '/health/ready',
}: RoleSettings): Promise<RoleProcess> => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;

  const running = (): ChildProcess => {
    if (!child || hasEnded(child)) throw new Error(`${entry} does not run`);
    return child;
  };

  return {
    url,
    pid: () => child?.pid ?? 0,
    start: () => {
      child = fork(entry, [], {
        env: { LOG_LEVEL: 'error', ...unlimited, ...env, [portVariable]: String(port), EVERMART_LAUNCHER: '1' },
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        execArgv: [],
      });
    },
    whenReady: async () => {
      while (!(await isReady(url + readyPath))) {
        running();
        await pause(50);
      }
    },
    kill: async () => {
      const killed = running();
      const exited = once(killed, 'exit');
      killed.kill('SIGKILL');
      await exited;
    },
    freeze: () => void running().kill('SIGSTOP'),
    thaw: () => void running().kill('SIGCONT'),
    stop: async () => {
      if (!child || hasEnded(child)) return;
      const exited = once(child, 'exit');
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      await exited;
    },
  };
};

const isReady = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;
