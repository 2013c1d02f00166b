import type { EventStore } from '../event-store/event-store.js';
import { DamagedLog } from '../event-store/damaged-log.js';
import type { StoredEvent } from '../event-store/stored-event.js';
import type { Postgres } from '../postgres/postgres.js';
import { withoutNul } from './indexed-columns.js';

/**
 * How the record differs at a place: an event is not as it was logged, is gone, was put in, or lies where another was;
 * or it is as it was logged, but not what the log finds it by (`index`); or store and log agree with each other, but not
 * with what was signed (`checkpoint`).
 */
export type DifferenceKind = 'changed' | 'removed' | 'inserted' | 'reordered' | 'index' | 'checkpoint';

/**
 * The first place at which the record differs, a position of the store. With `checkpoint` it is the first event after
 * all that is still proved, and somewhere from there on the record was changed; `stream` and `revision` are `null` where
 * neither store nor log has such an event any more.
 */
export type FirstDifference = Readonly<{
  position: string;
  stream: string | null;
  revision: number | null;
  kind: DifferenceKind;
}>;

type EntryRow = Readonly<{ position: bigint; stream: string; revision: bigint; event_id: string }>;

/** What the log has of an event. */
export type Entry = Readonly<{ position: bigint; stream: string; revision: number; eventId: string }>;

/** Looked for only once something differs. */
export type Lookups = Readonly<{
  entryAt: (index: number) => Promise<Entry | null>;
  /** Whether the log has the event anywhere. */
  isLogged: (eventId: string) => Promise<boolean>;
  /** Whether the store has the event anywhere. */
  isStored: (eventId: string) => Promise<boolean>;
}>;

export const createLookups = ({ eventStore, postgres }: LookupParts): Lookups => ({
  entryAt: async (index) => {
    const { rows } = await postgres.query<EntryRow>(
      'select position, stream, revision, event_id from audit_entries where index = $1',
      [index],
    );
    return rows[0] ? { ...rows[0], revision: Number(rows[0].revision), eventId: rows[0].event_id } : null;
  },
  isLogged: async (eventId) => {
    const question = { ...selectEvent, values: [eventId] };
    const { rowCount } = await postgres.query(question);
    return rowCount === 1;
  },
  isStored: async (eventId) => {
    try {
      for await (const batch of eventStore.readAll({ after: null }))
        if (batch.some(({ id }) => id === eventId)) return true;
      return false;
    } catch (error) {
      // What lies behind the damage cannot be read.
      if (error instanceof DamagedLog) return false;
      throw error;
    }
  },
});

export type LookupParts = Readonly<{ eventStore: Pick<EventStore, 'readAll'>; postgres: Postgres }>;

/** No index serves it, which all events would pay for: it may read the whole log. */
const selectEvent = { text: 'select 1 from audit_entries where event_id = $1 limit 1', query_timeout: 600_000 };

/**
 * What differs where the store has `event` and the log has `entry` next; `null` is that there are no more of them, and
 * one of them there is.
 */
export const differenceAt = async (
  event: StoredEvent | null,
  entry: Entry | null,
  { isLogged, isStored }: Pick<Lookups, 'isLogged' | 'isStored'>,
): Promise<FirstDifference> => {
  if (event === null || (entry !== null && entry.position < event.position.commit))
    return ofEntry(entry, entry !== null && (await isStored(entry.eventId)) ? 'reordered' : 'removed');
  if (entry === null || event.position.commit < entry.position)
    return ofEvent(event, (await isLogged(event.id)) ? 'reordered' : 'inserted');
  if (event.id === entry.eventId) return ofEntry(entry, 'changed');
  // Another event lies here: those after it may have moved up or down by one.
  const isOfLog = await isLogged(event.id);
  if (await isStored(entry.eventId)) return isOfLog ? ofEntry(entry, 'reordered') : ofEvent(event, 'inserted');
  return ofEntry(entry, isOfLog ? 'removed' : 'changed');
};

/** What differs at an event of the store. */
export const ofEvent = ({ position, streamId, revision }: StoredEvent, kind: DifferenceKind): FirstDifference => ({
  ...{ position: String(position.commit), stream: withoutNul(streamId), revision, kind },
});

/** What differs at an entry of the log, or, after all of them, at a position. */
export const ofEntry = (entry: Entry | null, kind: DifferenceKind, position = 0n): FirstDifference => ({
  position: String(entry?.position ?? position),
  stream: entry?.stream ?? null,
  revision: entry?.revision ?? null,
  kind,
});
