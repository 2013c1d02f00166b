import { LRUCache } from 'lru-cache';
import type { AnyAggregate } from '../../domains/shared/service.js';
import type { EventStore } from '../event-store/event-store.js';
import { categoryOf, type StreamEvent } from '../event-store/stored-event.js';
import type { PersonalKeys } from '../security/personal-keys.js';
import { openEvent } from '../security/sealing.js';
import { after, revisionOf, streamOf, unread, type Loaded } from './loaded.js';
import { presentEvent } from './readable-event.js';
import { createRecentCommands } from './recent-commands.js';
import { createSights, type Sight } from './sights.js';
import type { Snapshot, Snapshots } from './snapshots.js';

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
  /** Takes note of how a stream stands after an append, which `append` makes. @throws what `append` throws. */
  appended: (aggregate: AnyAggregate, id: string, append: () => Promise<Loaded>) => Promise<Loaded>;
  /** Takes note of an event that was read in `$all`. */
  note: (event: StreamEvent) => void;
  /** Forgets the streams of these categories: some of their events were passed by in `$all`. */
  forget: (categories: readonly string[]) => void;
}>;

export type AggregatesSettings = Readonly<{
  eventStore: Pick<EventStore, 'readStream'>;
  personalKeys: PersonalKeys;
  snapshots?: Snapshots | undefined;
  /** Most aggregates that are kept in memory; those of which many commands are remembered count as several. */
  mostKept?: number;
}>;

/** A stream gets a snapshot whenever so many events have come since the last. */
export const eventsBetweenSnapshots = 200;

/** So many remembered commands take about as much memory as a small aggregate. */
const commandsOfOneKept = 10;

export const createAggregates = ({
  eventStore,
  personalKeys,
  snapshots,
  mostKept = 10_000,
}: AggregatesSettings): Aggregates => {
  const cache = new LRUCache<string, Kept>({
    maxSize: mostKept,
    sizeCalculation: ({ loaded }) => 1 + Math.floor(loaded.commands.size() / commandsOfOneKept),
  });
  const sights = createSights();

  /** What comes of `work` is kept unless something newer is known, or was seen while it was under way. */
  const kept = async (aggregate: AnyAggregate, id: string, work: (streamId: string) => Promise<Loaded>) => {
    const streamId = streamOf(aggregate, id);
    const sight = sights.begin(streamId);
    try {
      const loaded = await work(streamId);
      keep(aggregate, streamId, loaded, sight);
      return loaded;
    } finally {
      sights.end(streamId, sight);
    }
  };

  const keep = (aggregate: AnyAggregate, streamId: string, loaded: Loaded, { newest }: Sight) => {
    const before = cache.peek(streamId)?.loaded;
    if (revisionOf(loaded) < Math.max(newest, before ? revisionOf(before) : -1)) return;
    cache.set(streamId, { aggregate, loaded: withSnapshot(snapshots, aggregate, streamId, loaded) });
  };

  const current: Aggregates['current'] = (aggregate, id) =>
    kept(
      aggregate,
      id,
      async (streamId) =>
        (await fromCache(aggregate, streamId)) ??
        (await fromSnapshot(aggregate, streamId)) ??
        (await grown(aggregate, streamId, unread(aggregate))),
    );

  const fromCache = (aggregate: AnyAggregate, streamId: string) => {
    const known = cache.get(streamId)?.loaded;
    return known && grown(aggregate, streamId, known);
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

  const grown = async (aggregate: AnyAggregate, streamId: string, base: Loaded, most?: number): Promise<Loaded> => {
    let loaded = base;
    const part = { from: revisionOf(base) + 1, ...(most === undefined ? {} : { most }) };
    for await (const event of eventStore.readStream(streamId, part)) loaded = after(aggregate, loaded, event);
    return loaded;
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
    stateAt: async (aggregate, id, revision) =>
      (await grown(aggregate, streamOf(aggregate, id), unread(aggregate), revision + 1)).state,
    opened,
    appended: kept,
    note: (event) => {
      sights.saw(event.streamId, event.revision);
      const entry = cache.peek(event.streamId);
      if (!entry || event.revision <= revisionOf(entry.loaded)) return;
      const next = event.revision === revisionOf(entry.loaded) + 1 ? afterNoted(entry, event) : null;
      // What cannot be told from this event alone is read from the stream when it is needed.
      if (next === null) cache.delete(event.streamId);
      else cache.set(event.streamId, { ...entry, loaded: next });
    },
    forget: (categories) => {
      sights.missed();
      for (const streamId of [...cache.keys()]) if (categories.includes(categoryOf(streamId))) cache.delete(streamId);
    },
  };
};

type Kept = Readonly<{ aggregate: AnyAggregate; loaded: Loaded }>;

/** `null` where this code does not know the event: whoever needs the stream is told when it is read. */
const afterNoted = ({ aggregate, loaded }: Kept, event: StreamEvent): Loaded | null => {
  try {
    return after(aggregate, loaded, event);
  } catch {
    return null;
  }
};

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
