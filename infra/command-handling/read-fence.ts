import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventStore } from '../event-store/event-store.js';
import type { Position } from '../event-store/stored-event.js';
import { once } from '../process/once.js';
import type { Aggregates } from './aggregates.js';

/** Tells whether what is known of many streams is still all there is, by one look at the log for all who ask. */
export type ReadFence = Readonly<{
  /** Must be passed once before anything of the categories is kept. @throws DomainError while the store is away. */
  begin: () => Promise<void>;
  /** Resolves once everything of the categories that was stored before this call has been noted. @throws as above. */
  pass: () => Promise<void>;
}>;

export type ReadFenceSettings = Readonly<{
  eventStore: Pick<EventStore, 'head' | 'readAllAfter'>;
  categories: readonly string[];
  /** Where what is known is kept. */
  aggregates: Pick<Aggregates, 'note' | 'forget'>;
  /** Most events that one read takes. */
  most?: number;
}>;

/** After so many reads it costs less to forget what is known than to read on. */
const mostReads = 10;

/**
 * Whoever comes while a look is under way shares the next one with all others: a look begins after everybody who waits
 * for it has asked, so it shows at least what was stored by then (as ReadIndex batches reads in Raft, thesis 6.4). It
 * also waits for what else has arrived by then, so that those who come together share one.
 *
 * The whole log is read on, not the categories alone: only a subscription can be filtered, and one that is cancelled for
 * every look is what HTTP/2 servers end connections for (rapid resets, CVE-2023-44487).
 */
export const createReadFence = ({ eventStore, categories, aggregates, most = 500 }: ReadFenceSettings): ReadFence => {
  let through: Position | null = null;
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;

  const begin = once(async () => {
    through = await eventStore.head();
  });

  const look = async (): Promise<void> => {
    await begin();
    for (let reads = 0; reads < mostReads; reads += 1) {
      const events = await eventStore.readAllAfter(through, most);
      events.filter(({ category }) => categories.includes(category)).forEach(aggregates.note);
      through = events.at(-1)?.position ?? through;
      if (events.length < most) return;
    }
    const head = await eventStore.head();
    aggregates.forget(categories);
    through = head;
  };

  return {
    begin,
    pass: () => {
      next ??= running
        .catch(() => undefined)
        .then(() => nextTurn())
        .then(() => {
          next = undefined;
          running = look();
          return running;
        });
      return next;
    },
  };
};
