import type Database from 'libsql';
import { tombstoneRevision } from '../rules/append-rules.js';
import { hashOf } from './id-hash.js';
import type { StreamIndex } from './stream-index.js';
import type { Stream, Streams } from './streams.js';
import { firstReadable, isMetadataStream } from '../rules/truncation.js';

/** How far a removal has come: `stream` is the last one that is done with. */
export type Removed = Readonly<{ stream: number; events: number; isComplete: boolean }>;

/** Takes out of the log what its readers can no longer reach. Each must run inside a transaction. */
export type Removal = Readonly<{
  /** Removes some hidden events of the streams after `stream`. `now` is in milliseconds since 1970. */
  removeSome: (stream: number, now: number) => Removed;
  /** Gives pages that are no longer used back to the file system; whether there are more of them. */
  shrinkSome: () => boolean;
  /** The number of the last stream. */
  lastStream: () => number;
}>;

/** Few enough that nobody who appends meanwhile waits long. */
const eventsAtOnce = 500;
const streamsAtOnce = 200;
const pagesAtOnce = 500;

export const openRemoval = (database: Database.Database, streams: Streams, index: StreamIndex): Removal => {
  const prepare = (sql: string) => database.prepare(sql).raw();
  const selectStreams = prepare(
    `SELECT s.id, CAST(s.name AS BLOB) FROM streams s WHERE s.id > ? AND s.id <= ? AND (
       substr(s.name, 1, 2) = '$$'
       OR EXISTS (SELECT 1 FROM streams m WHERE m.name = '$$' || s.name)
       OR EXISTS (SELECT 1 FROM stream_events t WHERE t.stream = s.id AND t.revision = ${tombstoneRevision}))
     ORDER BY s.id`,
  );
  const selectFirstYoung = prepare(
    `SELECT x.revision FROM stream_events x JOIN events e ON e.position = x.position
     WHERE x.stream = ? AND e.created >= ? ORDER BY x.revision LIMIT 1`,
  );
  const selectHidden = prepare(
    `SELECT x.revision, x.position, CAST(e.id AS BLOB) FROM stream_events x JOIN events e ON e.position = x.position
     WHERE x.stream = ? AND x.revision < ? ORDER BY x.revision LIMIT ?`,
  );
  const selectUnused = prepare('PRAGMA freelist_count');
  const selectLastStream = prepare('SELECT max(id) FROM streams');
  const deleteEvent = database.prepare('DELETE FROM events WHERE position = ?');
  const deleteRevision = database.prepare('DELETE FROM stream_events WHERE stream = ? AND revision = ?');
  const deleteId = database.prepare('DELETE FROM event_ids WHERE id_hash = ? AND position = ?');
  // What is removed is overwritten, too.
  database.pragma('secure_delete = ON');

  const lastStream = () => only(selectLastStream.all([]));

  const removeSome: Removal['removeSome'] = (after, now) => {
    index.flush();
    const upTo = after + streamsAtOnce;
    const found = selectStreams.all([after, upTo]) as [number, Uint8Array][];
    let events = 0;
    for (const [id, name] of found) {
      const left = eventsAtOnce - events;
      const stream = streams.durable(Buffer.from(name).toString());
      const removed = removeHidden(id, firstKept(stream, id, now), left);
      // The metadata of a stream with a tombstone goes, too.
      if (removed > 0 && stream.last === tombstoneRevision) streams.drop(stream.name);
      events += removed;
      if (removed === left) return { stream: id - 1, events, isComplete: false };
    }
    return { stream: upTo, events, isComplete: upTo >= lastStream() };
  };

  /** As EventStoreDB does, the last event stays, so that the stream goes on where it was. */
  const firstKept = ({ name, last, truncation }: Stream, id: number, now: number) => {
    // The metadata of a stream with a tombstone says nothing any more.
    if (last === tombstoneRevision) return isMetadataStream(name) ? Infinity : tombstoneRevision;
    const isAged = truncation.maxAge !== Infinity;
    const [young] = isAged ? ((selectFirstYoung.get([id, now - truncation.maxAge * 1000]) ?? [last]) as [number]) : [0];
    return Math.min(Math.max(firstReadable(truncation, last), young), last);
  };

  const removeHidden = (stream: number, before: number, limit: number) => {
    const highest = Math.min(before, Number.MAX_SAFE_INTEGER);
    const hidden = selectHidden.all([stream, highest, limit]) as [number, number, Uint8Array][];
    for (const [revision, position, id] of hidden) {
      deleteEvent.run([position]);
      deleteRevision.run([stream, revision]);
      deleteId.run([hashOf(Buffer.from(id).toString()), position]);
    }
    return hidden.length;
  };

  const shrinkSome = () => {
    database.pragma(`incremental_vacuum(${pagesAtOnce})`);
    return only(selectUnused.all([])) > 0;
  };

  return { removeSome, shrinkSome, lastStream };
};

const only = (rows: unknown[]): number => (rows as [number | null][])[0]?.[0] ?? 0;
