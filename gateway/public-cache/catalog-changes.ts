import { setTimeout as pause } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { EventStore } from '../../infra/event-store/event-store.js';
import type { Position, StoredEvent } from '../../infra/event-store/stored-event.js';
import type { Log } from '../../infra/logging/log.js';
import { catalogCategories } from '../../projections/catalog/queries.js';

/** What an answer shows: all categories, products in a list, or one product. */
export type Topic = 'categories' | 'products' | `product ${string}`;

/** The events that change what the public reads of the catalog answer. */
export type CatalogChanges = Readonly<{
  /** The position of the last event that may have changed it; undefined while that is not known. */
  newestOf: (topic: Topic) => bigint | undefined;
}>;

export type FollowedCatalog = CatalogChanges &
  Readonly<{
    /** Resolves once it is known for the first time. */
    known: Promise<void>;
    stop: () => Promise<void>;
  }>;

export type CatalogChangesParts = Readonly<{
  eventStore: Pick<EventStore, 'follow'>;
  /** How far the view is; what came before that is in whatever is read from now on. */
  watermark: () => Promise<bigint | null>;
  log: Log;
}>;

const againAfterMs = 1_000;
const eventsAtOnce = 500;

/** So many products are told apart; one that changed longer ago counts as one that changed with the last of those. */
const mostTopics = 20_000;

/** Follows the events from where the view is. While the event store is away nothing is known of them. */
export const followCatalogChanges = ({ eventStore, watermark, log }: CatalogChangesParts): FollowedCatalog => {
  const stopping = new AbortController();
  const { signal } = stopping;
  let [floor, isCurrent] = [0n, false];
  let after: Position | null | undefined;
  let tellKnown: () => void = () => undefined;
  const known = new Promise<void>((resolve) => (tellKnown = resolve));
  const newest = new LRUCache<Topic, bigint>({
    max: mostTopics,
    dispose: (position, _topic, reason) => {
      if (reason === 'evict' && position > floor) floor = position;
    },
  });

  const note = (event: StoredEvent) => {
    for (const topic of topicsOf(event)) newest.set(topic, event.position.commit);
    after = event.position;
  };

  const caughtUp = () => {
    isCurrent = true;
    tellKnown();
  };

  const begin = async (): Promise<Position | null> => {
    const position = await watermark();
    floor = position ?? 0n;
    return position === null ? null : { commit: position, prepare: position };
  };

  const follow = async () => {
    after = after === undefined ? await begin() : after;
    const options = { after, most: eventsAtOnce, signal, caughtUp };
    for await (const events of eventStore.follow(catalogCategories, options)) events.forEach(note);
  };

  const following = (async () => {
    while (!signal.aborted) {
      try {
        await follow();
      } catch (error) {
        if (isCurrent) log.warn({ err: error }, 'public answers are not cached while changes are not heard of');
      }
      isCurrent = false;
      await pause(againAfterMs, undefined, { signal }).catch(() => undefined);
    }
  })();

  return {
    newestOf: (topic) => {
      if (!isCurrent) return undefined;
      const position = newest.get(topic);
      return position === undefined || position < floor ? floor : position;
    },
    known,
    stop: async () => {
      stopping.abort();
      await following;
    },
  };
};

/** The streams of a product and of its stock have the product's id. */
const topicsOf = ({ category, streamId }: StoredEvent): readonly Topic[] =>
  category === 'category' ? ['categories'] : ['products', `product ${streamId.slice(category.length + 1)}`];
