import { LRUCache } from 'lru-cache';
import type { AnyAggregate } from '../../domains/shared/service.js';
import type { EventStore } from '../event-store/event-store.js';
import type { StreamEvent } from '../event-store/stored-event.js';
import type { PersonalKeys } from '../security/personal-keys.js';
import { openEvent, withoutPersonal } from '../security/sealing.js';
import { presentEvent } from './readable-event.js';
import { createRecentCommands, type RecentCommands } from './recent-commands.js';
import type { Snapshot, Snapshots } from './snapshots.js';

/** An aggregate as its stream tells it, up to some revision. */
export type Loaded = Readonly<{
  state: unknown;
  /** The last event; `null` while there is none. Its commit position is `null` where it is not known. */
  last: Readonly<{ revision: number; position: bigint | null; eventId: string }> | null;
  /** The latest commands that the events came from. */
  commands: RecentCommands;
  /** Revision of the latest snapshot; -1 without one. */
  snapshotAt: number;
}>;

/** The aggregates of this process: what it knows of them, and how it learns more. */
export type Aggregates = Readonly<{
  /** As it was when this process last read or wrote it; undefined where it has not, or no longer knows. */
  known: (aggregate: AnyAggregate, id: string) => Loaded | undefined;
  /** As it is now: what is known, or a snapshot, and the events since. @throws DomainError while the store is away. */
  current: (aggregate: AnyAggregate, id: string) => Promise<Loaded>;
  /** The state just after a revision. @throws DomainError while the store is away. */
  stateAt: (aggregate: AnyAggregate, id: string, revision: number) => Promise<unknown>;
  /** The state now, folded with personal fields readable; it is kept nowhere. @throws DomainError as above. */
  opened: (aggregate: AnyAggregate, id: string) => Promise<unknown>;
  /** Takes note of how a stream stands after an append. */
  keep: (aggregate: AnyAggregate, id: string, loaded: Loaded) => void;
  /** Takes note of an event that was read in `$all`. */
  note: (event: StreamEvent) => void;
}>;

export type AggregatesSettings = Readonly<{
  eventStore: Pick<EventStore, 'readStream'>;
  personalKeys: PersonalKeys;
  snapshots?: Snapshots | undefined;
  /** Most aggregates that are kept in memory. */
  mostKept?: number;
}>;

/** A stream gets a snapshot whenever so many events have come since the last. */
export const eventsBetweenSnapshots = 200;

/** What is known of a stream of which nothing is known: that it may be empty. */
export const unread = ({ decider }: AnyAggregate): Loaded => ({
  state: decider.initial,
  last: null,
  commands: createRecentCommands(),
  snapshotAt: -1,
});

export const createAggregates = ({
  eventStore,
  personalKeys,
  snapshots,
  mostKept = 10_000,
}: AggregatesSettings): Aggregates => {
  const cache = new LRUCache<string, Readonly<{ aggregate: AnyAggregate; loaded: Loaded }>>({ max: mostKept });

  const keep: Aggregates['keep'] = (aggregate, id, loaded) => {
    const streamId = streamOf(aggregate, id);
    const before = cache.get(streamId)?.loaded;
    if (before && revisionOf(before) > revisionOf(loaded)) return;
    cache.set(streamId, { aggregate, loaded: withSnapshot(snapshots, aggregate, streamId, loaded) });
  };

  const current: Aggregates['current'] = async (aggregate, id) => {
    const streamId = streamOf(aggregate, id);
    const loaded =
      (await fromCache(aggregate, streamId)) ??
      (await fromSnapshot(aggregate, streamId)) ??
      (await grown(aggregate, streamId, unread(aggregate)));
    keep(aggregate, id, loaded);
    return loaded;
  };

  const fromCache = (aggregate: AnyAggregate, streamId: string) => {
    const kept = cache.get(streamId)?.loaded;
    return kept && grown(aggregate, streamId, kept);
  };

  /** Believed only where the stream still holds, at its place, the event that the snapshot was made after. */
  const fromSnapshot = async (aggregate: AnyAggregate, streamId: string): Promise<Loaded | undefined> => {
    if (!snapshots || !aggregate.snapshot) return undefined;
    const found = await snapshots.find(streamId, aggregate.snapshot.version);
    if (!found) return undefined;
    let loaded: Loaded | undefined;
    for await (const event of eventStore.readStream(streamId, { from: found.revision })) {
      if (event.revision > found.revision) loaded &&= after(aggregate, loaded, event);
      else if (event.id === found.eventId) loaded = restored(aggregate.snapshot, found, event);
    }
    return loaded;
  };

  const grown = async (aggregate: AnyAggregate, streamId: string, base: Loaded): Promise<Loaded> => {
    let loaded = base;
    for await (const event of eventStore.readStream(streamId, { from: revisionOf(base) + 1 }))
      loaded = after(aggregate, loaded, event);
    return loaded;
  };

  const fold = async (aggregate: AnyAggregate, id: string, most?: number) => {
    let loaded = unread(aggregate);
    const part = most === undefined ? {} : { most };
    for await (const event of eventStore.readStream(streamOf(aggregate, id), part))
      loaded = after(aggregate, loaded, event);
    return loaded.state;
  };

  const opened: Aggregates['opened'] = async (aggregate, id) => {
    let state: unknown = aggregate.decider.initial;
    for await (const stored of eventStore.readStream(streamOf(aggregate, id))) {
      const { event, schema } = presentEvent(stored, aggregate);
      state = aggregate.decider.evolve(state, { ...event, data: await openEvent(personalKeys, event, schema) });
    }
    return state;
  };

  return {
    known: (aggregate, id) => cache.get(streamOf(aggregate, id))?.loaded,
    current,
    stateAt: (aggregate, id, revision) => fold(aggregate, id, revision + 1),
    opened,
    keep,
    note: (event) => {
      const entry = cache.peek(event.streamId);
      if (!entry || event.revision <= revisionOf(entry.loaded)) return;
      const next = event.revision === revisionOf(entry.loaded) + 1 ? grownBy(entry, event) : null;
      // What cannot be told from this event alone is read from the stream when it is needed.
      if (next === null) cache.delete(event.streamId);
      else cache.set(event.streamId, { ...entry, loaded: next });
    },
  };
};

/** What an aggregate needs of an event. */
export type EventOfStream = Omit<StreamEvent, 'category' | 'created'>;

/** The aggregate after one more event of its stream. Personal fields are `null` in what deciders see. */
export const after = (
  aggregate: AnyAggregate,
  { state, commands, snapshotAt }: Loaded,
  stored: EventOfStream,
): Loaded => {
  const { event, schema } = presentEvent(stored, aggregate);
  const last = {
    revision: stored.revision,
    position: stored.position?.commit ?? null,
    eventId: stored.id,
  };
  const { commandId, requestHash } = stored.metadata;
  commands.add(commandId, { revision: last.revision, position: last.position, requestHash });
  const data = withoutPersonal(event, schema);
  return { state: aggregate.decider.evolve(state, { type: event.type, data }), last, commands, snapshotAt };
};

/** `null` where this code does not know the event: whoever needs the stream is told when it is read. */
const grownBy = (
  { aggregate, loaded }: Readonly<{ aggregate: AnyAggregate; loaded: Loaded }>,
  event: StreamEvent,
): Loaded | null => {
  try {
    return after(aggregate, loaded, event);
  } catch {
    return null;
  }
};

export const streamOf = ({ category }: AnyAggregate, id: string) => `${category}-${id}`;

export const revisionOf = ({ last }: Loaded) => last?.revision ?? -1;

const restored = (
  { restore = (json) => json }: NonNullable<AnyAggregate['snapshot']>,
  { revision, eventId, state, commands }: Snapshot,
  { position }: StreamEvent,
): Loaded => ({
  state: restore(state),
  last: { revision, eventId, position: position?.commit ?? null },
  commands: createRecentCommands(commands),
  snapshotAt: revision,
});

/** Has a snapshot taken when it is time. Nobody waits for it. */
const withSnapshot = (
  snapshots: Snapshots | undefined,
  { snapshot }: AnyAggregate,
  streamId: string,
  loaded: Loaded,
): Loaded => {
  const { last, state, commands, snapshotAt } = loaded;
  if (!snapshots || !snapshot || !last || last.revision - snapshotAt < eventsBetweenSnapshots) return loaded;
  const { revision, eventId } = last;
  void snapshots.keep(streamId, snapshot.version, { revision, eventId, state, commands: commands.entries() });
  return { ...loaded, snapshotAt: revision };
};
