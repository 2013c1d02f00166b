import type Database from 'libsql';
import type { Range } from './index-tail.js';
import { UnusableDatabase } from './unusable-database.js';

/** The older entries of the index, in the tables. */
export type IndexTables = Readonly<{
  /** The last position that the tables hold. */
  indexed: () => number;
  lastRevision: (stream: number) => number | undefined;
  positionAt: (stream: number, revision: number) => number | undefined;
  positionOf: (stream: number, id: string, idHash: number) => number | undefined;
  /** @throws UnusableDatabase when entries are missing. */
  range: (range: Range) => readonly number[];
  /** Takes in all events after `indexed` up to `last`, whose hashes are given. Must run inside a transaction. */
  extend: (indexed: number, last: number, byIdHash: readonly (readonly [number, number])[]) => void;
}>;

export const openIndexTables = (database: Database.Database): IndexTables => {
  const prepare = (sql: string) => database.prepare(sql).raw();
  const selectIndexed = prepare('SELECT indexed FROM state');
  const selectLast = prepare('SELECT max(revision) FROM stream_events WHERE stream = ?');
  const selectLowest = prepare('SELECT min(revision) FROM stream_events WHERE stream = ?');
  const selectAt = prepare('SELECT position FROM stream_events WHERE stream = ? AND revision = ?');
  const selectOf = prepare(
    `SELECT e.position FROM event_ids i JOIN events e ON e.position = i.position
     WHERE i.id_hash = ? AND e.stream = ? AND e.id = ? ORDER BY e.position DESC LIMIT 1`,
  );
  const selectRange = (order: 'ASC' | 'DESC') => ({
    any: prepare(
      `SELECT position, revision FROM stream_events WHERE stream = ? AND revision BETWEEN ? AND ?
       ORDER BY revision ${order} LIMIT ?`,
    ),
    young: prepare(
      `SELECT x.position, x.revision FROM stream_events x JOIN events e ON e.position = x.position
       WHERE x.stream = ? AND x.revision BETWEEN ? AND ? AND e.created >= ? ORDER BY x.revision ${order} LIMIT ?`,
    ),
  });
  const ranges = { forwards: selectRange('ASC'), backwards: selectRange('DESC') };
  // In the order of the tables' keys, so that each page is written once.
  const insertRevisions = database.prepare(
    `INSERT INTO stream_events (stream, revision, position)
     SELECT stream, revision, position FROM events WHERE position BETWEEN ? AND ? ORDER BY stream, revision`,
  );
  const insertIds = database.prepare(
    'INSERT INTO event_ids (id_hash, position) SELECT value ->> 0, value ->> 1 FROM json_each(?)',
  );
  const updateIndexed = database.prepare('UPDATE state SET indexed = ?');

  const range: IndexTables['range'] = (wanted) => {
    const { stream, first, last, direction, limit, notBefore } = wanted;
    const { any, young } = ranges[direction];
    if (notBefore > 0) return positionsOf(young.all([stream, first, last, notBefore, limit]) as Row[]);
    const rows = any.all([stream, first, last, limit]) as Row[];
    const hasHole = rows.length === 0 ? (lowestOf(stream) ?? 0) <= last : !areConsecutive(wanted, rows);
    if (hasHole)
      throw new UnusableDatabase('The index of the database file is damaged: restore the file from a backup');
    return positionsOf(rows);
  };

  /** A scavenge removes revisions from the first on, and leaves one at least. */
  const lowestOf = (stream: number) => only(selectLowest.get([stream]));

  const extend: IndexTables['extend'] = (indexed, last, byIdHash) => {
    insertRevisions.run([indexed + 1, last]);
    insertIds.run([JSON.stringify(byIdHash)]);
    updateIndexed.run([last]);
  };

  return {
    indexed: () => only(selectIndexed.get([])) ?? 0,
    lastRevision: (stream) => only(selectLast.get([stream])),
    positionAt: (stream, revision) => only(selectAt.get([stream, revision])),
    positionOf: (stream, id, idHash) => only(selectOf.get([idHash, stream, id])),
    range,
    extend,
  };
};

type Row = [position: number, revision: number];

/** A stream has every revision from the first that is left: one that is missing was in a page that is damaged. */
const areConsecutive = ({ last, direction, limit }: Range, rows: readonly Row[]) => {
  const step = direction === 'forwards' ? 1 : -1;
  const end = direction === 'forwards' ? rows.at(-1) : rows[0];
  const isCut = direction === 'forwards' && rows.length === limit;
  const follows = ([, revision]: Row, at: number) => at === 0 || revision === (rows[at - 1]?.[1] ?? 0) + step;
  return rows.every(follows) && (isCut || end?.[1] === last);
};

const positionsOf = (rows: readonly Row[]) => rows.map(([position]) => position);

const only = (row: unknown): number | undefined => (row as [number | null] | undefined)?.[0] ?? undefined;
