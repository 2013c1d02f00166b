import type Database from 'libsql';
import { hashOf } from './id-hash.js';
import { openIndexTables } from './index-tables.js';
import { openIndexTail, type IndexEntry, type Range } from './index-tail.js';

/** Where in the log the events of each stream lie, by revision and by id. */
export type StreamIndex = Readonly<{
  /** The last position of the log, 0 when it is empty. */
  last: () => number;
  /** Notes an event that was written. To be undone with `reload` when its transaction fails. */
  add: (event: Omit<IndexEntry, 'idHash'>) => void;
  /** The revision of the stream's last event; −1 when it has none. */
  lastRevision: (stream: number) => number;
  /** Where the event of a revision lies. */
  positionAt: (stream: number, revision: number) => number | undefined;
  /** Where the event of an id lies, the latest when it was written more than once. */
  positionOf: (stream: number, id: string) => number | undefined;
  /** Positions of a stream's events in the order of reading. @throws UnusableDatabase when the index has holes. */
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
  const selectTail = database
    .prepare('SELECT position, stream, revision, CAST(id AS BLOB), created FROM events WHERE position > ? ORDER BY 1')
    .raw();
  const tables = openIndexTables(database);
  const tail = openIndexTail();
  let indexed = 0;
  let last = 0;

  const add: StreamIndex['add'] = ({ position, stream, revision, id, created }) => {
    tail.add({ position, stream, revision, id, idHash: hashOf(id), created });
    last = position;
  };

  const reload = () => {
    tail.clear();
    indexed = last = tables.indexed();
    for (const row of selectTail.all([indexed]) as [number, number, number, Uint8Array, number][]) {
      const [position, stream, revision, id, created] = row;
      add({ position, stream, revision, id: Buffer.from(id).toString(), created });
    }
  };

  const flush = () => {
    tables.extend(indexed, last, tail.byIdHash());
    indexed = last;
    tail.clear();
  };

  const range: StreamIndex['range'] = (wanted) => {
    const inMemory = tail.range(wanted);
    const left = wanted.limit - inMemory.length;
    if (wanted.direction === 'backwards') return left === 0 ? inMemory : [...inMemory, ...older(wanted, left)];
    const inTables = older(wanted, wanted.limit);
    return inTables.length === 0 ? inMemory : [...inTables, ...inMemory].slice(0, wanted.limit);
  };

  const older = (wanted: Range, limit: number) => {
    const lastInTables = Math.min(wanted.last, tail.firstRevision(wanted.stream) - 1);
    return wanted.first > lastInTables ? [] : tables.range({ ...wanted, last: lastInTables, limit });
  };

  const positionOf = (stream: number, id: string) => {
    const idHash = hashOf(id);
    return tail.positionOf(stream, id, idHash) ?? tables.positionOf(stream, id, idHash);
  };

  reload();
  return {
    last: () => last,
    add,
    lastRevision: (stream) => tail.lastRevision(stream) ?? tables.lastRevision(stream) ?? -1,
    positionAt: (stream, revision) => tail.positionAt(stream, revision) ?? tables.positionAt(stream, revision),
    positionOf,
    range,
    isDue: () => last - indexed >= mostInMemory,
    flush,
    reload,
  };
};
