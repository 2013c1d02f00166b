import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../logging/log.js';

const firstWaitMs = 200;
const longestWaitMs = 5_000;

/**
 * Does `work` again, with growing pauses, until it succeeds. Logs `trouble` once when it begins to fail and once when
 * it goes on; work that never ends by itself says by `goesOn` that it does.
 *
 * @throws whatever `work` throws once `signal` is aborted.
 */
export type Persevere = <Result>(trouble: string, work: (goesOn: () => void) => Promise<Result>) => Promise<Result>;

/** Work that is done again, told of in `log`, until `signal` is aborted. */
export const createPersevere =
  (log: Log, signal: AbortSignal): Persevere =>
  async (trouble, work) => {
    let isFailing = false;
    const goesOn = () => {
      if (isFailing) log.info({ trouble }, 'The relay goes on');
      isFailing = false;
    };
    for (let waitMs = firstWaitMs; ; waitMs = Math.min(2 * waitMs, longestWaitMs)) {
      try {
        const result = await work(goesOn);
        goesOn();
        return result;
      } catch (error) {
        if (signal.aborted) throw error;
        if (!isFailing) log.warn({ trouble, err: error }, 'The relay waits');
        isFailing = true;
        await delay(waitMs, undefined, { signal });
      }
    }
  };
