import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Whether something on 127.0.0.1 takes connections on the port. */
export const answersOnPort = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 1_000 });
    const settle = (answers: boolean) => {
      socket.destroy();
      resolve(answers);
    };
    socket.once('connect', () => settle(true));
    socket.once('timeout', () => settle(false));
    socket.once('error', () => settle(false));
  });

/** Whether the address answers a GET with a 2xx status. */
export const answersHttp = async (url: string): Promise<boolean> => {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false; // nobody listens yet, or it takes too long: asked again soon
  }
};

/** Resolves when the address answers, after five seconds at the most, or when `signal` is aborted. */
export const answersSoon = async (url: string, signal: AbortSignal): Promise<void> => {
  const deadline = performance.now() + 5_000;
  while (!signal.aborted && performance.now() < deadline && !(await answersHttp(url))) await pause(50);
};
