import type Database from 'libsql';

/** A stretch of the log: the positions of all its events, and of those that were looked for, both rising. */
export type Window = Readonly<{ considered: readonly number[]; matched: readonly number[] }>;

/** Looks through the log for events by their stream or their type, without reading them. */
export type Scan = (question: ScanQuestion) => Window;

/** `accepts` is asked once for each stream or type that occurs in the window. `to` is the last position to look at. */
export type ScanQuestion = Readonly<{
  on: 'stream' | 'type';
  accepts: (name: string) => boolean;
  from: number;
  to: number;
}>;

const windowLength = 4_096;

/** Positions leave SQLite as one JSON array: a row for each would take five times as long. */
export const openScan = (database: Database.Database): Scan => {
  const prepare = (sql: string) => database.prepare(sql).raw();
  const between = 'position BETWEEN ? AND ?';
  const selectPositions = prepare(
    `SELECT json_group_array(position) FROM (SELECT position FROM events WHERE ${between} ORDER BY position LIMIT ?)`,
  );
  const questions = {
    stream: {
      names: prepare(
        `SELECT id, CAST(name AS BLOB) FROM streams WHERE id IN (SELECT stream FROM events WHERE ${between})`,
      ),
      matching: prepare(
        `SELECT json_group_array(position) FROM (SELECT position FROM events
         WHERE ${between} AND stream IN (SELECT value FROM json_each(?)) ORDER BY position)`,
      ),
    },
    type: {
      names: prepare(`SELECT DISTINCT NULL, CAST(type AS BLOB) FROM events WHERE ${between}`),
      matching: prepare(
        `SELECT json_group_array(position) FROM (SELECT position FROM events
         WHERE ${between} AND type IN (SELECT value FROM json_each(?)) ORDER BY position)`,
      ),
    },
  };

  return ({ on, accepts, from, to }) => {
    const considered = positions(selectPositions.get([from, to, windowLength]));
    const end = considered.at(-1);
    if (end === undefined) return { considered, matched: [] };
    const { names, matching } = questions[on];
    const occurring = (names.all([from, end]) as [number | null, Uint8Array][]).map(
      ([id, name]) => [id, Buffer.from(name).toString()] as const,
    );
    const accepted = occurring.filter(([, name]) => accepts(name)).map(([id, name]) => id ?? name);
    if (accepted.length === 0) return { considered, matched: [] };
    if (accepted.length === occurring.length) return { considered, matched: considered };
    return { considered, matched: positions(matching.get([from, end, JSON.stringify(accepted)])) };
  };
};

const positions = (row: unknown) => JSON.parse((row as [string])[0]) as readonly number[];
