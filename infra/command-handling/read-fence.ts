import type { EventStore } from '../event-store/event-store.js';
import type { Position, StoredEvent } from '../event-store/stored-event.js';
import { once } from '../process/once.js';

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
  note: (event: StoredEvent) => void;
  /** Most events that one read takes. */
  most?: number;
}>;

/**
 * Whoever comes while a look is under way shares the next one with all others: a look begins after everybody who waits
 * for it has asked, so it shows at least what was stored by then (as ReadIndex batches reads in Raft, thesis 6.4).
 *
 * The whole log is read on, not the categories alone: only a subscription can be filtered, and one that is cancelled for
 * every look is what HTTP/2 servers end connections for (rapid resets, CVE-2023-44487).
 */
export const createReadFence = ({ eventStore, categories, note, most = 500 }: ReadFenceSettings): ReadFence => {
  let through: Position | null = null;
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;

  const begin = once(async () => {
    through = await eventStore.head();
  });

  const look = async (): Promise<void> => {
    await begin();
    for (;;) {
      const events = await eventStore.readAllAfter(through, most);
      events.filter(({ category }) => categories.includes(category)).forEach(note);
      through = events.at(-1)?.position ?? through;
      if (events.length < most) return;
    }
  };

  return {
    begin,
    pass: () => {
      next ??= running
        .catch(() => undefined)
        .then(() => {
          next = undefined;
          running = look();
          return running;
        });
      return next;
    },
  };
};
