import type { Client } from '@temporalio/client';
import type { EventStore } from '../../infra/event-store/event-store.js';
import type { Position, StoredEvent } from '../../infra/event-store/stored-event.js';
import type { Log } from '../../infra/logging/log.js';
import type { Postgres } from '../../infra/postgres/postgres.js';
import { createPersevere } from './perseverance.js';
import { relayTables } from './relay-tables.js';
import { startFulfilment } from './start-fulfilment.js';

export type RelayParts = Readonly<{ eventStore: EventStore; postgres: Postgres; client: Client; log: Log }>;

export type RunningRelay = Readonly<{
  /** Whether it has its place and the event store answered. */
  isFollowing: () => boolean;
  /** Resolves when nothing is under way any more; what was not acknowledged is relayed again next time. */
  stop: () => Promise<void>;
}>;

/** So many events are taken at a time, and so many starts are under way at most. */
const most = 20;

/**
 * Starts a saga for every order that is placed, from where it was when it last ran. Whoever of Temporal, PostgreSQL and
 * the event store is away is waited for, without losing the place.
 */
export const runRelay = (parts: RelayParts): RunningRelay => {
  const stopping = new AbortController();
  const state = { isFollowing: false };
  const stopped = relayUntil(stopping.signal, parts, state).catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error;
  });
  return {
    isFollowing: () => state.isFollowing,
    stop: () => {
      stopping.abort();
      return stopped;
    },
  };
};

const relayUntil = async (
  signal: AbortSignal,
  { eventStore, postgres, client, log }: RelayParts,
  state: { isFollowing: boolean },
): Promise<void> => {
  const persevere = createPersevere(log, signal);
  const tables = relayTables(postgres);

  const resume = async (): Promise<Position | null> => {
    await tables.create();
    return tables.checkpoint();
  };

  const follow = async (goesOn: () => void): Promise<never> => {
    try {
      // The subscription says nothing before there is an event; this says that the store is there.
      await eventStore.head();
      state.isFollowing = true;
      goesOn();
      for await (const batch of eventStore.follow(['order'], { after: place, most, signal })) {
        await relayBatch(batch);
        place = batch.at(-1)?.position ?? place;
      }
    } finally {
      state.isFollowing = false;
    }
    throw new Error('The subscription ended');
  };

  const relayBatch = async (batch: readonly StoredEvent[]): Promise<void> => {
    const waiting = new Set(batch.filter(({ type }) => type === 'OrderPlaced'));
    await persevere('orders cannot be handed to Temporal', () => handOver(waiting));
    const last = batch.at(-1);
    if (last) await persevere('the checkpoint cannot be kept', () => tables.keepCheckpoint(last.position));
  };

  /** Takes out of `waiting` what was acknowledged or parked. */
  const handOver = async (waiting: Set<StoredEvent>): Promise<void> => {
    const ends = await Promise.allSettled(
      [...waiting].map(async (event) => {
        const start = await startFulfilment(client, event);
        if (start !== 'acknowledged') await park(event, start.refused);
        waiting.delete(event);
      }),
    );
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
  };

  const park = async (event: StoredEvent, code: string): Promise<void> => {
    await tables.park(event, code);
    log.error({ eventId: event.id, stream: event.streamId, code }, 'Temporal refused an order; it was parked');
  };

  let place = await persevere('its place cannot be read', resume);
  await persevere('events cannot be read', follow);
};
