import {
  eventTypeFilter,
  START,
  streamNameFilter,
  type AllStreamSubscription,
  type EventStoreDBClient,
} from '@eventstore/db-client';
import { stored, unavailable } from './recorded.js';
import type { Position, StoredEvent } from './stored-event.js';

export type FollowOptions = Readonly<{
  /** Begins after this event; at the beginning without one. */
  after: Position | null;
  /** Most events in a batch. */
  most: number;
  signal: AbortSignal;
  /** Only events of these types, which the store picks out, so that others cost nothing here. */
  types?: readonly string[];
  /** With `types`: told how far the store has looked without finding any, while none waits to be taken. */
  passedBy?: (position: Position) => void;
  /** Told whenever everything that the store held when the last batch was taken is done with. */
  caughtUp?: () => void;
}>;

/** Whose streams: of some categories, or all but those that EventStoreDB keeps for itself, which begin with `$`. */
export type Followed = readonly string[] | 'all';

/** So many full batches are taken from the store before the reader is done with the one it has: it need not wait then. */
const readAhead = 3;

/**
 * All events of the streams in the order of `$all`, for ever: each batch is what had come when the one before was
 * done with. Nothing more is taken from the store while full batches wait. Ends when `signal` is aborted.
 * Readers whose place must be exact, and move with every event of their categories, do without `types`.
 *
 * @throws DomainError `service.unavailable` when the store goes away.
 */
export async function* follow(
  client: EventStoreDBClient,
  categories: Followed,
  { after, most, signal, types, passedBy, caughtUp }: FollowOptions,
): AsyncGenerator<readonly StoredEvent[]> {
  const come: StoredEvent[] = [];
  const failures: unknown[] = [];
  let isIdle = false;
  let isCaughtUp = false as boolean;
  let wake: () => void = () => undefined;
  const subscription =
    types === undefined
      ? subscribe(client, categories, after)
      : subscribeToTypes(client, types, after, (position) => {
          if (isIdle && come.length === 0 && subscription.readableLength === 0) passedBy?.(position);
        });
  const isWanted = ({ category, type }: StoredEvent) =>
    (categories === 'all' || categories.includes(category)) && types?.includes(type) !== false;
  subscription.on('caughtUp', () => {
    isCaughtUp = true;
    wake();
  });
  subscription.on('data', ({ event }) => {
    const found = event && stored(event);
    if (found && isWanted(found)) come.push(found);
    if (come.length >= readAhead * most) subscription.pause();
    wake();
  });
  // Listens for as long as the subscription lives: it may fail once more while it is ended.
  const fail = (error: unknown) => {
    failures.push(error);
    wake();
  };
  subscription.on('error', fail).on('end', () => fail(new Error('The event store ended the subscription')));
  const onAbort = () => wake();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    while (!signal.aborted) {
      if (come.length > 0) {
        // Where events come faster than batches are done with, there is never a moment without any.
        const isAll = isCaughtUp && come.length < most && subscription.readableLength === 0;
        yield come.splice(0, most);
        if (isAll) caughtUp?.();
        subscription.resume();
      } else if (failures.length > 0) {
        throw unavailable(failures[0]);
      } else {
        if (isCaughtUp && subscription.readableLength === 0) caughtUp?.();
        isIdle = true;
        await new Promise<void>((resolve) => (wake = resolve));
        isIdle = false;
      }
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    // Cancels the call; it rejects where there never was one.
    subscription.unsubscribe().catch(() => undefined);
    subscription.destroy();
  }
}

/**
 * The first event of the categories after a position; `null` where there is none. The last event of `$all` does not tell,
 * since it may be of another category: a subscription either brings an event or says that it is at the end.
 *
 * @throws DomainError `service.unavailable` when the store goes away.
 */
export const firstNewer = async (
  client: EventStoreDBClient,
  categories: readonly string[],
  after: Position | null,
): Promise<StoredEvent | null> => {
  const subscription = subscribe(client, categories, after);
  try {
    return await new Promise<StoredEvent | null>((resolve, reject) => {
      subscription.once('data', ({ event }) => resolve(event ? stored(event) : null));
      subscription.once('caughtUp', () => resolve(null)).once('error', (error) => reject(unavailable(error)));
    });
  } finally {
    // What it says after it was asked to end concerns nobody.
    subscription.on('error', () => undefined);
    await subscription.unsubscribe();
  }
};

/** What came after a position, and how far the log was looked through for it. */
export type Newer = Readonly<{ events: readonly StoredEvent[]; through: Position | null }>;

/**
 * The events of the categories after a position, until the store says that there are no more.
 *
 * @throws DomainError `service.unavailable` when the store goes away.
 */
export const readNewer = async (
  client: EventStoreDBClient,
  categories: readonly string[],
  after: Position | null,
): Promise<Newer> => {
  const events: StoredEvent[] = [];
  const subscription = subscribe(client, categories, after);
  try {
    await new Promise<void>((resolve, reject) => {
      subscription.on('data', ({ event }) => {
        if (event) events.push(stored(event));
      });
      subscription.once('caughtUp', resolve).once('error', (error) => reject(unavailable(error)));
    });
    return { events, through: events.at(-1)?.position ?? after };
  } finally {
    // What it says after it was asked to end concerns nobody, and nobody waits for its end.
    subscription.on('error', () => undefined);
    subscription.unsubscribe().catch(() => undefined);
  }
};

/** A type is told by its beginning as well: the longer one is passed by here. */
const subscribeToTypes = (
  client: EventStoreDBClient,
  types: readonly string[],
  after: Position | null,
  passedBy: (position: Position) => void,
): AllStreamSubscription =>
  client.subscribeToAll({
    filter: eventTypeFilter({
      prefixes: [...types],
      checkpointReached: (_, position) => {
        passedBy(position);
        return Promise.resolve();
      },
    }),
    fromPosition: after ?? START,
  });

const subscribe = (client: EventStoreDBClient, categories: Followed, after: Position | null) =>
  client.subscribeToAll({
    filter:
      categories === 'all'
        ? streamNameFilter({ regex: '^[^$]' })
        : streamNameFilter({ prefixes: categories.map((category) => `${category}-`) }),
    fromPosition: after ?? START,
  });
