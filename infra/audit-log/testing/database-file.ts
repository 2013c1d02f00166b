import Database from 'libsql';
import { checksumOf } from '../../event-store-server/log/checksum.js';

/** Test-only. What somebody can do to an event who has the database file of the store, which no server has open. */
export type DatabaseFile = Readonly<{
  change: (position: bigint, columns: Readonly<Partial<Columns>>) => void;
  remove: (position: bigint) => void;
  swap: (one: bigint, other: bigint) => void;
  /** Puts a copy of an event, under another id, before the event at this position. */
  insertBefore: (position: bigint) => void;
}>;

type Columns = { id: string; created: number; data: string };

/** Checksums are made good, as whoever knows the store would, unless it is `left`. */
export const inDatabase =
  (work: (file: DatabaseFile) => void, checksums: 'made good' | 'left' = 'made good') =>
  (path: string): void => {
    const database = new Database(path);
    const run = (sql: string, ...values: readonly unknown[]) => void database.prepare(sql).run([...values]);
    const move = (from: bigint, to: bigint) =>
      run('UPDATE events SET position = ? WHERE position = ?', Number(to), Number(from));
    work({
      change: (position, columns) => {
        for (const [name, value] of Object.entries(columns)) {
          const stored = name === 'data' ? Buffer.from(value as string) : value;
          run(`UPDATE events SET ${name} = ? WHERE position = ?`, stored, Number(position));
        }
      },
      remove: (position) => run('DELETE FROM events WHERE position = ?', Number(position)),
      swap: (one, other) => {
        move(one, -1n);
        move(other, one);
        move(-1n, other);
      },
      insertBefore: (position) => {
        run('UPDATE events SET position = -position - 1 WHERE position >= ?', Number(position));
        run('UPDATE events SET position = -position WHERE position < 0');
        run(
          `INSERT INTO events SELECT ?, stream, (SELECT max(revision) + 1 FROM events m WHERE m.stream = e.stream), ?,
             type, is_json, created, size, checksum, metadata, data FROM events e WHERE position = ?`,
          ...[Number(position), '00000000-0000-4000-8000-000000000000', Number(position) + 1],
        );
      },
    });
    if (checksums === 'made good') makeGood(database);
    database.close();
  };

type Row = Readonly<{
  position: number;
  stream: string;
  revision: number;
  id: string;
  type: string;
  is_json: number;
  created: number;
  metadata: ArrayBuffer;
  data: ArrayBuffer;
}>;

const makeGood = (database: Database.Database): void => {
  const rows = database
    .prepare('SELECT e.*, s.name AS stream FROM events e JOIN streams s ON s.id = e.stream')
    .all([]) as readonly Row[];
  for (const { is_json, metadata, data, ...row } of rows) {
    const content = { metadata: Buffer.from(metadata), data: Buffer.from(data) };
    const checksum = checksumOf({ ...row, ...content, isJson: is_json === 1 });
    database.prepare('UPDATE events SET checksum = ? WHERE position = ?').run([checksum, row.position]);
  }
  // The indexes are made again when the store is opened.
  database.exec('DELETE FROM stream_events; DELETE FROM event_ids; UPDATE state SET indexed = 0');
};
