import type { Log } from '../../infra/logging/log.js';
import { keptFor } from '../../infra/process/kept-for.js';
import { within } from '../../infra/process/within.js';

export type Patience = Readonly<{
  /** So long what was read is given again. */
  keptMs: number;
  /** So long it is waited for. */
  waitMs: number;
}>;

/** Prometheus asks every 15 s or so, and gives up after 10 s. */
const usualPatience: Patience = { keptMs: 5_000, waitMs: 1_500 };

/**
 * Gives what `read` gave lately, and `null` where it failed then or takes too long: however often it is asked for, there
 * is one read at a time, and the next only a while after.
 *
 * @param what is said in the log once it cannot be read, and once it can be again.
 * @param now the clock, in milliseconds; for tests.
 */
export const lately = <Result>(
  read: () => Promise<Result>,
  { what, log, patience = usualPatience, now = Date.now }: LatelyParts,
): (() => Promise<Result | null>) => {
  let isFailing = false;

  const look = async (): Promise<Result | null> => {
    try {
      const result = await read();
      if (isFailing) log.info({ what }, 'can be told again');
      isFailing = false;
      return result;
    } catch (error) {
      if (!isFailing) log.warn({ what, err: error }, 'cannot be told now');
      isFailing = true;
      return null;
    }
  };

  const kept = keptFor(patience.keptMs, look, now);
  return () => within(patience.waitMs, kept(), null);
};

type LatelyParts = Readonly<{ what: string; log: Pick<Log, 'info' | 'warn'>; patience?: Patience; now?: () => number }>;
