/** Those who wait for the head of the log to move. */
export type Waiters = Readonly<{
  /** Settles with the next move. @throws AbortError when the signal aborts first. */
  wait: (signal: AbortSignal) => Promise<void>;
  wakeAll: () => void;
}>;

/** An event emitter would do, but takes ten times as long to wake the thousands that may wait. */
export const openWaiters = (): Waiters => {
  let waiting = new Set<() => void>();

  const wait: Waiters['wait'] = (signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const abort = () => {
        waiting.delete(wake);
        reject(signal.reason as Error);
      };
      const wake = () => {
        signal.removeEventListener('abort', abort);
        resolve();
      };
      signal.addEventListener('abort', abort, { once: true });
      waiting.add(wake);
    });

  const wakeAll = () => {
    const woken = waiting;
    waiting = new Set();
    for (const wake of woken) wake();
  };

  return { wait, wakeAll };
};
