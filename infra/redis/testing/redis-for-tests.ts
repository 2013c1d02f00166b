import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { obtainRedisServer } from '../../engines/redis-server.js';
import { answersOnPort } from '../../engines/probe.js';
import { freePort } from '../../process/testing/free-port.js';
import { setTimeout as pause } from 'node:timers/promises';

/** A Redis of its own process, which keeps nothing on disk. */
export type RedisForTests = Readonly<{
  url: string;
  /** Resolves when it answers. */
  start: () => Promise<void>;
  /** Ends it as the kernel would. */
  kill: () => Promise<void>;
  /** Lets it be there and say nothing, until `resume`. */
  freeze: () => Promise<void>;
  resume: () => Promise<void>;
}>;

/** Starts it; resolves when it answers. */
export const startRedisForTests = async (): Promise<RedisForTests> => {
  const { path } = await obtainRedisServer({
    env: process.env,
    progress: () => undefined,
    signal: new AbortController().signal,
  });
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const launch = () => spawn(path, args, { stdio: 'ignore' });
  let server: ReturnType<typeof launch> | undefined;
  const start = async () => {
    server = launch();
    while (!(await answersOnPort(port))) {
      if (server.exitCode !== null) throw new Error('Redis ended');
      await pause(20);
    }
  };
  const signal = (name: 'SIGSTOP' | 'SIGCONT'): Promise<void> => {
    server?.kill(name);
    return Promise.resolve();
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    start,
    kill: async () => {
      if (!server || server.exitCode !== null || server.signalCode !== null) return;
      const ended = once(server, 'exit');
      server.kill('SIGKILL');
      await ended;
    },
    freeze: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
  };
};
