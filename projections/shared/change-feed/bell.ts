import { setTimeout as wait } from 'node:timers/promises';

/** A pause that somebody can cut short; a ring that nobody waits for cuts the next pause short. */
export type Bell = Readonly<{ ring: () => void; pause: (ms: number, signal: AbortSignal) => Promise<void> }>;

export const createBell = (): Bell => {
  let rung = new AbortController();
  return {
    ring: () => rung.abort(),
    pause: async (ms, signal) => {
      const end = () => rung.abort();
      signal.addEventListener('abort', end);
      if (!signal.aborted) await wait(ms, undefined, { signal: rung.signal }).catch(() => undefined);
      signal.removeEventListener('abort', end);
      rung = new AbortController();
    },
  };
};
