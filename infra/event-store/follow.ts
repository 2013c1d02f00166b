import { START, streamNameFilter, type EventStoreDBClient } from '@eventstore/db-client';
import { stored, unavailable } from './recorded.js';
import type { Position, StoredEvent } from './stored-event.js';

export type FollowOptions = Readonly<{
  /** Begins after this event; at the beginning without one. */
  after: Position | null;
  /** Most events in a batch. */
  most: number;
  signal: AbortSignal;
}>;

/**
 * All events of the categories in the order of `$all`, for ever: each batch is what had come when the one before was
 * done with. Nothing more is taken from the store while a full batch waits. Ends when `signal` is aborted.
 *
 * @throws DomainError `service.unavailable` when the store goes away.
 */
export async function* follow(
  client: EventStoreDBClient,
  categories: readonly string[],
  { after, most, signal }: FollowOptions,
): AsyncGenerator<readonly StoredEvent[]> {
  const subscription = subscribe(client, categories, after);
  const come: StoredEvent[] = [];
  const failures: unknown[] = [];
  let wake: () => void = () => undefined;
  subscription.on('data', ({ event }) => {
    if (event) come.push(stored(event));
    if (come.length >= most) subscription.pause();
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
        yield come.splice(0, most);
        subscription.resume();
      } else if (failures.length > 0) {
        throw unavailable(failures[0]);
      } else {
        await new Promise<void>((resolve) => (wake = resolve));
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
 * Whether the log holds events of the categories after a position. The last event of `$all` does not tell, since it may
 * be of another category: a subscription either brings an event or says that it is at the end.
 */
export const hasNewer = async (
  client: EventStoreDBClient,
  categories: readonly string[],
  after: Position | null,
): Promise<boolean> => {
  const subscription = subscribe(client, categories, after);
  try {
    return await new Promise<boolean>((resolve, reject) => {
      subscription.once('data', () => resolve(true)).once('caughtUp', () => resolve(false));
      subscription.once('error', (error) => reject(unavailable(error)));
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

const subscribe = (client: EventStoreDBClient, categories: readonly string[], after: Position | null) =>
  client.subscribeToAll({
    filter: streamNameFilter({ prefixes: categories.map((category) => `${category}-`) }),
    fromPosition: after ?? START,
  });
