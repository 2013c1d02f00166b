import type { Log } from '../logging/log.js';
import type { Discovery } from './discovery.js';

export type RefreshedSettings = Readonly<{
  /** Asks where a context is offered now. */
  find: (context: string) => Promise<readonly string[]>;
  log: Log;
  everyMs: number;
  /** A clock in milliseconds that only goes forward. */
  now: () => number;
}>;

type Known = Readonly<{ urls: readonly string[]; askedAt: number }>;

/**
 * Remembers where contexts are. Whoever wants to know what was heard too long ago gets it all the same, and has it asked
 * again in the background. While nobody can be asked, the last that was heard goes on; for a context that nobody
 * offered, every caller waits for the answer.
 */
export const createRefreshedDiscovery = ({ find, log, everyMs, now }: RefreshedSettings): Discovery => {
  const known = new Map<string, Known>();
  let isSilent = false;

  const refresh = async (context: string, last: Known) => {
    known.set(context, { ...last, askedAt: now() });
    try {
      known.set(context, { urls: await find(context), askedAt: now() });
      isSilent = false;
    } catch (error) {
      // Said once: until it can be asked again, nothing has changed.
      if (!isSilent) log.warn({ err: error }, 'cannot ask where services are; goes on with what was heard last');
      isSilent = true;
    }
  };

  return {
    instancesOf: async (context) => {
      const last = known.get(context);
      if (last === undefined || last.urls.length === 0) {
        const urls = await find(context);
        known.set(context, { urls, askedAt: now() });
        return urls;
      }
      if (now() - last.askedAt >= everyMs) void refresh(context, last);
      return last.urls;
    },
  };
};
