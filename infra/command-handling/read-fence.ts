import type { EventStore } from '../event-store/event-store.js';
import type { Position, StoredEvent } from '../event-store/stored-event.js';
import { once } from '../process/once.js';

/** Tells whether what is known of many streams is still all there is, by one look at the log for all who ask. */
export type ReadFence = Readonly<{
  /** Must be passed once before anything of the categories is kept. @throws DomainError while the store is away. */
  begin: () => Promise<void>;
  /** Resolves once everything of the categories that was stored before this call has been noted. @throws as above. */
  pass: () => Promise<void>;
  /** Takes note of a position up to which this process has written: there is no need to look before it again. */
  wrote: (position: bigint) => void;
}>;

export type ReadFenceSettings = Readonly<{
  eventStore: Pick<EventStore, 'head' | 'readNewer'>;
  categories: readonly string[];
  note: (event: StoredEvent) => void;
}>;

/**
 * Whoever comes while a look is under way shares the next one with all others: a look begins after everybody who waits
 * for it has asked, so it shows at least what was stored by then (as ReadIndex batches reads in Raft, thesis 6.4).
 */
export const createReadFence = ({ eventStore, categories, note }: ReadFenceSettings): ReadFence => {
  let through: Position | null = null;
  let written = -1n;
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;

  const begin = once(async () => {
    through = await eventStore.head();
  });

  const look = async (): Promise<void> => {
    await begin();
    // What this process has written by now lies before the end that the look will reach.
    const before: Position = { commit: written, prepare: written };
    const newer = await eventStore.readNewer(categories, through);
    newer.events.forEach(note);
    through = later(newer.through, before);
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
    wrote: (position) => {
      if (position > written) written = position;
    },
  };
};

const later = (one: Position | null, other: Position): Position | null =>
  other.commit > (one?.commit ?? -1n) ? other : one;
