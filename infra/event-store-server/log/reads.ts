import type Database from 'libsql';
import { tombstoneRevision } from '../rules/append-rules.js';
import { verify } from './checksum.js';
import type { RecordedEvent } from './recorded-event.js';
import { openScan, type ScanQuestion, type Window } from './scan.js';
import type { StreamIndex } from './stream-index.js';
import type { Streams } from './streams.js';
import { firstReadable } from '../rules/truncation.js';
import { UnusableDatabase } from './unusable-database.js';

export type Direction = 'forwards' | 'backwards';

/** Pages of events, oldest first when forwards. A page is never larger than 4 MiB, whatever lies in the log. */
export type Reads = Readonly<{
  /** Events of the whole log: from `from` on when forwards, before it when backwards. */
  all: (direction: Direction, from: number, limit?: number) => readonly StoredEvent[];
  /** Events of a stream that its readers may see, from the revision `from` on, in either direction. */
  stream: (name: string, direction: Direction, from: number, limit?: number) => readonly StoredEvent[];
  /** The event of a revision, if readers of the stream may see it. */
  one: (name: string, revision: number) => StoredEvent | undefined;
  /** Where in the log, from `from` on, the events of streams or types lie that are looked for. */
  scan: (question: Omit<ScanQuestion, 'to'>) => Window;
  /** The events at these positions, at most a page of them, in the order of the log. */
  at: (positions: readonly number[]) => readonly StoredEvent[];
  /** The position of the last event that may be read. */
  head: () => number;
  /** To be called when more is durable: nothing beyond `head` is ever read. */
  moveTo: (head: number) => void;
}>;

/** A scavenge has removed the event since its page was read. */
export class RemovedEvent extends Error {
  override readonly name = 'RemovedEvent';
}

/** An event whose payload, when it is a large one, is read only when it is asked for. */
export type StoredEvent = Omit<RecordedEvent, 'metadata' | 'data'> &
  Readonly<{
    /** @throws DamagedEvent @throws RemovedEvent */
    payload: () => Pick<RecordedEvent, 'metadata' | 'data'>;
  }>;

export const pageLength = 256;
/** Larger payloads are left out of pages, so that a page of them does not fill the memory. */
const largePayload = 16 * 1024;

/**
 * Texts as bytes: libsql ends the process when it reads a text that is not UTF-8, as damage can make it. And all in one
 * value: each that is made of bytes takes longer than all the numbers.
 */
const columns = `position, stream, revision, is_json, created, checksum, length(CAST(type AS BLOB)), length(metadata),
  size > ${largePayload}, CAST(CASE WHEN size > ${largePayload} THEN id || type ELSE id || type || metadata || data END AS BLOB)`;
type Row = [number, number, number, number, number, number, number, number, number, Uint8Array];

const idLength = 36;

export const openReads = (database: Database.Database, streams: Streams, index: StreamIndex): Reads => {
  const select = (tail: string) => database.prepare(`SELECT ${columns} FROM events WHERE ${tail}`).raw();
  const selectForwards = select('position BETWEEN ? AND ? ORDER BY position LIMIT ?');
  const selectBackwards = select('position < ? ORDER BY position DESC LIMIT ?');
  const selectAt = select('position IN (SELECT value FROM json_each(?)) ORDER BY position');
  const scanTo = openScan(database);
  const selectPayload = database.prepare('SELECT metadata, data FROM events WHERE position = ?').raw();
  let head = index.last();

  const event = (row: Row): StoredEvent => {
    const [position, streamId, revision, isJson, created, checksum, typeLength, metadataLength, isLarge, content] = row;
    const bytes = Buffer.from(content.buffer, content.byteOffset, content.length);
    const payloadStart = idLength + typeLength;
    const stream = streams.nameOf(streamId);
    const id = bytes.toString('latin1', 0, idLength);
    const type = bytes.toString('utf8', idLength, payloadStart);
    const payload = () => {
      const [metadata, data] =
        isLarge === 1
          ? payloadAt(position)
          : [
              bytes.subarray(payloadStart, payloadStart + metadataLength),
              bytes.subarray(payloadStart + metadataLength),
            ];
      verify(checksum, { position, stream, revision, id, type, isJson: isJson === 1, created, metadata, data });
      return { metadata, data };
    };
    return { position, stream, revision, id, type, isJson: isJson === 1, created, payload };
  };

  const payloadAt = (position: number) => {
    const row = selectPayload.get([position]) as [Uint8Array, Uint8Array] | undefined;
    if (!row) throw new RemovedEvent(`The event at position ${position} was removed`);
    return row;
  };

  // Subscriptions that are live all ask for the same page: it is read, and its events are encoded, once.
  let latest: Readonly<{ from: number; page: readonly StoredEvent[] }> | undefined;

  const all: Reads['all'] = (direction, from, limit = pageLength) => {
    const most = Math.min(limit, pageLength);
    if (direction === 'backwards') return events(selectBackwards.all([Math.min(from, head + 1), most]));
    if (most < pageLength) return events(selectForwards.all([from, head, most]));
    if (latest?.from === from) return latest.page;
    latest = { from, page: from > head ? [] : events(selectForwards.all([from, head, most])) };
    return latest.page;
  };

  const stream: Reads['stream'] = (name, direction, from, limit = pageLength) =>
    direction === 'forwards'
      ? within(name, { from, to: Infinity, direction, limit })
      : within(name, { from: 0, to: from, direction, limit });

  const one: Reads['one'] = (name, revision) =>
    within(name, { from: revision, to: revision, direction: 'forwards', limit: 1 })[0];

  type Wanted = Readonly<{ from: number; to: number; direction: Direction; limit: number }>;

  const within = (name: string, { from, to, direction, limit }: Wanted): readonly StoredEvent[] => {
    const { id, last, truncation } = streams.durable(name);
    if (id === undefined || last === tombstoneRevision) return [];
    const revisions = { first: Math.max(firstReadable(truncation, last), from), last: Math.min(to, last) };
    if (revisions.first > revisions.last) return [];
    const notBefore = truncation.maxAge === Infinity ? 0 : Date.now() - truncation.maxAge * 1000;
    const most = Math.min(limit, pageLength);
    const positions = index.range({ stream: id, ...revisions, direction, limit: most, notBefore });
    const found = at(positions);
    const isWhole = found.length === positions.length && found.every((event) => event.stream === name);
    if (!isWhole) throw new UnusableDatabase(`The index of the database file is damaged: restore it from a backup`);
    return direction === 'forwards' ? found : found.toReversed();
  };

  const scan: Reads['scan'] = (question) => scanTo({ ...question, to: head });

  const at: Reads['at'] = (positions) =>
    positions.length === 0 ? [] : events(selectAt.all([JSON.stringify(positions)]));

  const events = (rows: unknown[]) => (rows as Row[]).map(event);

  const moveTo = (position: number) => {
    latest = undefined;
    head = position;
  };

  return { all, stream, one, scan, at, head: () => head, moveTo };
};
