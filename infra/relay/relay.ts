import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { EventStore } from '../event-store/event-store.js';
import type { Position, StoredEvent, StreamEvent } from '../event-store/stored-event.js';
import type { Log } from '../logging/log.js';
import type { Postgres } from '../postgres/postgres.js';
import { createPersevere } from './perseverance.js';
import { relayTables, type ParkedPlace } from './relay-tables.js';

/** What became of an event that was handed over; `refused` for good, with a code, by whom of several, and for what. */
export type HandedOver = 'acknowledged' | Readonly<{ refused: string; reaction?: string; cause?: unknown }>;

/** Which events a relay hands over, and how. */
export type RelaySettings = Readonly<{
  /** Its place is kept under it. */
  name: string;
  categories: readonly string[];
  /** The types of events that are handed over; others of the categories are passed by. */
  types: readonly string[];
  /** Must bear repeats. It throws where the event is to be handed over again later, or once `signal` is aborted. */
  handOver: (event: StreamEvent, signal: AbortSignal) => Promise<HandedOver>;
}>;

/** What every relay works with. */
export type RelayParts = Readonly<{
  eventStore: Pick<EventStore, 'head' | 'follow' | 'readStream'>;
  postgres: Postgres;
  log: Log;
}>;

export type RunningRelay = Readonly<{
  /** Whether it has its place and the event store answered. */
  isFollowing: () => boolean;
  /** Resolves when nothing is under way any more; what was not acknowledged is relayed again next time. */
  stop: () => Promise<void>;
}>;

/** So many events are taken at a time, and so many are being handed over at most. */
const most = 20;

/** So often it is looked whether parked events are to be handed over again, and the place kept over what was passed by. */
const attendEveryMs = 2_000;

/**
 * Hands events to whoever acts on them, from where it was when it last ran; those that are refused for good are parked. Whoever of
 * the receiver, PostgreSQL and the event store is away is waited for, without losing the place.
 */
export const runRelay = (settings: RelaySettings, parts: RelayParts): RunningRelay => {
  const stopping = new AbortController();
  // Every event that is handed over may wait for it.
  setMaxListeners(0, stopping.signal);
  const state = { isFollowing: false };
  const stopped = relayUntil(stopping.signal, settings, parts, state).catch((error: unknown) => {
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
  { name, categories, types, handOver }: RelaySettings,
  parts: RelayParts,
  state: { isFollowing: boolean },
): Promise<void> => {
  const { eventStore } = parts;
  const log = parts.log.child({ relay: name });
  const persevere = createPersevere(log, signal);
  const tables = relayTables(parts.postgres, name);

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
      const passedBy = (position: Position) => (place = position);
      const options = { after: place, most, signal, types, passedBy };
      for await (const batch of eventStore.follow(categories, options)) await relayBatch(batch);
    } finally {
      state.isFollowing = false;
    }
    throw new Error('The subscription ended');
  };

  const relayBatch = async (batch: readonly StoredEvent[]): Promise<void> => {
    const waiting = new Set(batch);
    await persevere('events cannot be handed over', () => handOverAll(waiting));
    place = batch.at(-1)?.position ?? place;
    await persevere('the checkpoint cannot be kept', keepPlace);
  };

  const keepPlace = async (): Promise<void> => {
    const reached = place;
    if (!reached || reached === kept) return;
    await tables.keepCheckpoint(reached);
    kept = reached;
  };

  /** Takes out of `waiting` what was acknowledged or parked. */
  const handOverAll = async (waiting: Set<StoredEvent>): Promise<void> => {
    const ends = await Promise.allSettled(
      [...waiting].map(async (event) => {
        const end = await handOver(event, signal);
        if (end !== 'acknowledged') await park(event, end);
        waiting.delete(event);
      }),
    );
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
  };

  const park = async (
    { id, streamId }: ParkedPlace,
    { refused: code, reaction = '', cause }: Exclude<HandedOver, string>,
  ): Promise<void> => {
    await tables.park({ id, streamId }, { code, reaction });
    const by = reaction === '' ? {} : { reaction };
    log.error({ eventId: id, stream: streamId, code, ...by, err: cause }, 'an event was refused; it was parked');
  };

  const retryParked = async (): Promise<void> => {
    for (const parked of await tables.toRetry()) {
      const event = await eventOf(parked);
      const end = event
        ? await persevere('a parked event cannot be handed over', () => handOver(event, signal))
        : { refused: 'event.not_found' };
      if (end !== 'acknowledged') await park(parked, end);
      else await tables.unpark(parked);
    }
  };

  const eventOf = async ({ id, streamId }: ParkedPlace): Promise<StreamEvent | undefined> => {
    let found: StreamEvent | undefined;
    for await (const event of eventStore.readStream(streamId)) if (event.id === id) found = event;
    return found;
  };

  const attend = async (): Promise<void> => {
    while (!signal.aborted) {
      await persevere('parked events cannot be looked for', retryParked);
      await persevere('the checkpoint cannot be kept', keepPlace);
      await delay(attendEveryMs, undefined, { signal });
    }
  };

  let place = await persevere('its place cannot be read', resume);
  let kept = place;
  // Both go on until the relay stops, and nothing of either may be under way after that.
  await Promise.allSettled([persevere('events cannot be read', follow), attend()]);
  // Where it cannot be kept now, the next start passes by once more what was passed by.
  await keepPlace().catch(() => undefined);
};
