import type Database from 'libsql';
import type { RecordedEvent } from './recorded-event.js';
import type { Streams } from './streams.js';
import { firstReadable } from './truncation.js';

export type Direction = 'forwards' | 'backwards';

/** Pages of events, oldest first when forwards. A page is never larger than 4 MiB, whatever lies in the log. */
export type Reads = Readonly<{
  /** Events of the whole log: from `from` on when forwards, before it when backwards. */
  all: (direction: Direction, from: number, limit?: number) => readonly StoredEvent[];
  /** Events of a stream that its readers may see, from the revision `from` on, in either direction. */
  stream: (name: string, direction: Direction, from: number, limit?: number) => readonly StoredEvent[];
  /** To be called after every commit. Gives the last event's position, 0 in an empty log. */
  refresh: () => number;
}>;

/** An event whose payload, when it is a large one, is read only when it is asked for. */
export type StoredEvent = Omit<RecordedEvent, 'metadata' | 'data'> &
  Readonly<{ payload: () => Pick<RecordedEvent, 'metadata' | 'data'> }>;

export const pageLength = 256;
/** Larger payloads are left out of pages, so that a page of them does not fill the memory. */
const largePayload = 16 * 1024;

const columns = `e.position, s.name, e.revision, e.id, e.type, e.is_json, e.created,
  CASE WHEN e.size <= ${largePayload} THEN e.metadata END, CASE WHEN e.size <= ${largePayload} THEN e.data END`;
type Row = [number, string, number, string, string, number, number, Uint8Array | null, Uint8Array | null];

export const openReads = (database: Database.Database, streams: Streams): Reads => {
  const select = (tail: string) =>
    database.prepare(`SELECT ${columns} FROM events e JOIN streams s ON s.id = e.stream WHERE ${tail} LIMIT ?`).raw();
  const inStream = 'e.stream = ? AND e.created >= ? AND e.revision';
  const ofAll = {
    forwards: select('e.position >= ? ORDER BY e.position'),
    backwards: select('e.position < ? ORDER BY e.position DESC'),
  };
  const ofStream = {
    forwards: select(`${inStream} >= ? ORDER BY e.revision`),
    backwards: select(`${inStream} BETWEEN ? AND ? ORDER BY e.revision DESC`),
  };
  const selectPayload = database.prepare('SELECT metadata, data FROM events WHERE position = ?').raw();
  const selectHead = database.prepare('SELECT max(position) FROM events').raw();

  const event = (row: Row): StoredEvent => {
    const [position, stream, revision, id, type, isJson, created, metadata, data] = row;
    const payload = () => (metadata && data ? { metadata, data } : payloadAt(position));
    return { position, stream, revision, id, type, isJson: isJson === 1, created, payload };
  };

  const payloadAt = (position: number) => {
    const [metadata, data] = selectPayload.get([position]) as [Uint8Array, Uint8Array];
    return { metadata, data };
  };

  // Subscriptions that are live all ask for the same page: it is read, and its events are encoded, once.
  let latest: Readonly<{ from: number; page: readonly StoredEvent[] }> | undefined;

  const all: Reads['all'] = (direction, from, limit = pageLength) => {
    const isShared = direction === 'forwards' && limit === pageLength;
    if (isShared && latest?.from === from) return latest.page;
    const page = (ofAll[direction].all([from, Math.min(limit, pageLength)]) as Row[]).map(event);
    if (isShared) latest = { from, page };
    return page;
  };

  const stream: Reads['stream'] = (name, direction, from, limit = pageLength) => {
    const { id, last, truncation } = streams.find(name);
    if (id === undefined) return [];
    const first = firstReadable(truncation, last);
    if (first > last) return [];
    const notBefore = truncation.maxAge === Infinity ? 0 : Date.now() - truncation.maxAge * 1000;
    const range = direction === 'forwards' ? [Math.max(first, from)] : [first, from];
    return (ofStream[direction].all([id, notBefore, ...range, Math.min(limit, pageLength)]) as Row[]).map(event);
  };

  const refresh = () => {
    latest = undefined;
    return (selectHead.get([]) as [number | null])[0] ?? 0;
  };

  return { all, stream, refresh };
};
