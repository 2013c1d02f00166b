import type Database from 'libsql';
import { openIndexTail, type IndexEntry, type Range } from './index-tail.js';
import { hashOf } from './id-hash.js';

/** Where in the log the events of each stream lie, by revision and by id. */
export type StreamIndex = Readonly<{
  /** The last position of the log, 0 when it is empty. */
  last: () => number;
  /** Notes an event that was written. To be undone with `reload` when its transaction fails. */
  add: (entry: IndexEntry) => void;
  /** The revision of the stream's last event; −1 when it has none. */
  lastRevision: (stream: number) => number;
  /** Where the event of a revision lies. */
  positionAt: (stream: number, revision: number) => number | undefined;
  /** Where the event of an id lies, the latest when it was written more than once. */
  positionOf: (stream: number, id: string) => number | undefined;
  /** Positions of a stream's events in the order of reading. */
  range: (range: Range) => readonly number[];
  /** Whether there is enough to be written to the tables. */
  isDue: () => boolean;
  /** Writes what is in memory only to the tables. Must run inside a transaction; `reload` when it fails. */
  flush: () => void;
  /** Starts again from what the database holds. */
  reload: () => void;
}>;

/**
 * An entry that is written at once costs a page of each of two tables in every commit, as many pages as there are streams
 * and ids in it. So the newest entries are kept in memory and go to the tables in large numbers; after a start they are
 * made again from the log itself.
 */
export const openStreamIndex = (database: Database.Database, mostInMemory: number): StreamIndex => {
  const prepare = (sql: string) => database.prepare(sql).raw();
  const selectIndexed = prepare('SELECT indexed FROM state');
  const selectTail = prepare(
    'SELECT position, stream, revision, id, created FROM events WHERE position > ? ORDER BY 1',
  );
  const selectLast = prepare('SELECT max(revision) FROM stream_events WHERE stream = ?');
  const selectAt = prepare('SELECT position FROM stream_events WHERE stream = ? AND revision = ?');
  const selectOf = prepare(
    `SELECT e.position FROM event_ids i JOIN events e ON e.position = i.position
     WHERE i.id_hash = ? AND e.stream = ? AND e.id = ? ORDER BY e.position DESC LIMIT 1`,
  );
  const selectRange = (order: 'ASC' | 'DESC') => ({
    any: prepare(
      `SELECT position FROM stream_events WHERE stream = ? AND revision BETWEEN ? AND ? AND position <= ?
       ORDER BY revision ${order} LIMIT ?`,
    ),
    young: prepare(
      `SELECT x.position FROM stream_events x JOIN events e ON e.position = x.position
       WHERE x.stream = ? AND x.revision BETWEEN ? AND ? AND x.position <= ? AND e.created >= ?
       ORDER BY x.revision ${order} LIMIT ?`,
    ),
  });
  const ranges = { forwards: selectRange('ASC'), backwards: selectRange('DESC') };
  const insertRevision = database.prepare('INSERT INTO stream_events (stream, revision, position) VALUES (?, ?, ?)');
  const insertId = database.prepare('INSERT INTO event_ids (id_hash, position) VALUES (?, ?)');
  const updateIndexed = database.prepare('UPDATE state SET indexed = ?');

  const tail = openIndexTail();
  let indexed = 0;
  let last = 0;

  const add: StreamIndex['add'] = (entry) => {
    tail.add(entry);
    last = entry.position;
  };

  const reload = () => {
    tail.clear();
    indexed = last = only(selectIndexed.get([])) ?? 0;
    for (const row of selectTail.all([indexed]) as [number, number, number, string, number][]) {
      const [position, stream, revision, id, created] = row;
      add({ position, stream, revision, id, created });
    }
  };

  const flush = () => {
    // In the order of the tables' keys, so that each page is written once.
    for (const { stream, revision, position } of tail.byRevision()) insertRevision.run([stream, revision, position]);
    for (const { idHash, position } of tail.byIdHash()) insertId.run([idHash, position]);
    updateIndexed.run([last]);
    indexed = last;
    tail.clear();
  };

  const range: StreamIndex['range'] = (wanted) => {
    const { stream, direction, limit } = wanted;
    const inMemory = tail.range(wanted);
    const firstInMemory = tail.firstRevision(stream);
    if (direction === 'backwards') {
      const left = limit - inMemory.length;
      return left === 0 ? inMemory : [...inMemory, ...inTables({ ...wanted, limit: left }, firstInMemory)];
    }
    const older = inTables(wanted, firstInMemory);
    return older.length === limit ? older : [...older, ...inMemory.slice(0, limit - older.length)];
  };

  const inTables = ({ stream, first, last: to, direction, limit, notBefore, upTo }: Range, before: number) => {
    if (first >= before || indexed === 0) return [];
    const { any, young } = ranges[direction];
    const wanted = [stream, first, Math.min(to, before - 1), upTo];
    const rows = notBefore > 0 ? young.all([...wanted, notBefore, limit]) : any.all([...wanted, limit]);
    return (rows as [number][]).map(([position]) => position);
  };

  reload();
  return {
    last: () => last,
    add,
    lastRevision: (stream) => tail.lastRevision(stream) ?? only(selectLast.get([stream])) ?? -1,
    positionAt: (stream, revision) => tail.positionAt(stream, revision) ?? only(selectAt.get([stream, revision])),
    positionOf: (stream, id) => tail.positionOf(stream, id) ?? only(selectOf.get([hashOf(id), stream, id])),
    range,
    isDue: () => last - indexed >= mostInMemory,
    flush,
    reload,
  };
};

const only = (row: unknown): number | undefined => (row as [number | null] | undefined)?.[0] ?? undefined;
