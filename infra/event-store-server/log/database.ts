import { closeSync, openSync, statSync } from 'node:fs';
import Database from 'libsql';
import { examine } from './examination.js';
import { takeLock, type Lock } from './lock.js';
import { inUse, schema, schemaVersion } from './schema.js';
import { syncFile } from './sync-file.js';
import { UnusableDatabase } from './unusable-database.js';

/** The database of an open event store. */
export type OpenDatabase = Readonly<{
  database: Database.Database;
  /** The write-ahead log: what was committed is durable once this file is synced. */
  writeAheadLog: string;
  /**
   * Takes the write-ahead log into the file and empties it; does nothing while another process reads. Must not run in a
   * transaction. SQLite's own way to empty a log would leave a file that looks as if it had lost its log.
   */
  emptyLog: () => void;
  /** Leaves the files as a kill would, since what is in them cannot be used. Gives the error that says so. */
  refuse: (error: unknown) => UnusableDatabase;
  /** Leaves one complete, unlocked file; or, while another process reads it, the file and its log. */
  close: () => void;
}>;

/**
 * Opens the file of an event store, or makes a new one where there is none. Until it is closed no other server opens it;
 * other processes may read it. A commit is not synced: whoever commits must do that before the next transaction begins,
 * for the examination at the next start takes what follows a commit as proof that it was synced.
 *
 * @throws UnusableDatabase when the file is foreign, torn, of another version, or open in another server.
 */
export const openDatabase = (file: string): OpenDatabase => {
  const lock = lockOf(file);
  try {
    const database = openExamined(file);
    const emptyLog = () => {
      if (!checkpoint(database)) return;
      try {
        setComplete(file, database);
      } finally {
        setInUse(file, database);
      }
    };
    const refuse = (error: unknown) => {
      refused.add(database);
      lock.release();
      return asUnusable(file, error);
    };
    const close = () => {
      try {
        leaveComplete(file, database);
      } finally {
        database.close();
        lock.release();
      }
    };
    return { database, writeAheadLog: `${file}-wal`, emptyLog, refuse, close };
  } catch (error) {
    lock.release();
    throw asUnusable(file, error);
  }
};

const lockOf = (file: string): Lock => {
  try {
    const lock = takeLock(file);
    if (lock) return lock;
  } catch (error) {
    throw asUnusable(file, error);
  }
  throw new UnusableDatabase(`${file} is open in another process`);
};

const openExamined = (file: string) => {
  const header = examine(file);
  // Nobody else may read the events, nor the hashes of passwords; SQLite's other files take over the mode.
  if (!header) closeSync(openSync(file, 'a', 0o600));
  const database = new Database(file, { timeout: busyTimeout });
  // SQLite merges and removes the log of a connection that is closed: a file that is refused stays as it is.
  refused.add(database);
  // The first look takes back what is half-written.
  database.pragma('schema_version');
  if (statSync(file).size === 0) create(database);
  refuseInconsistent(file, database);
  begin(file, database, header !== undefined && (header.version & inUse) !== 0);
  refused.delete(database);
  return database;
};

/** How long one of two processes that write, to append or to change a user, waits for the other, in milliseconds. */
export const busyTimeout = 5_000;

const refused = new Set<Database.Database>();

/** In one transaction of the file itself, which is synced: a file without its log is still known as an event store. */
const create = (database: Database.Database) => {
  database.exec(`BEGIN; PRAGMA auto_vacuum = INCREMENTAL; ${schema} COMMIT;`);
};

const refuseInconsistent = (file: string, database: Database.Database) => {
  const indexed = number(database, 'SELECT max(indexed) FROM state');
  const last = number(database, 'SELECT max(position) FROM events') ?? 0;
  if (indexed === undefined || indexed > last)
    throw new UnusableDatabase(`${file} is torn or damaged: it lacks events that its index knows of. Restore a backup`);
};

/** The log is begun anew, so that nothing of an earlier, cut one can be taken for its end. */
const begin = (file: string, database: Database.Database, wasInUse: boolean) => {
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = NORMAL');
  database.pragma('wal_autocheckpoint = 4000');
  database.pragma('cache_size = -16000');
  checkpoint(database);
  if (!setInUse(file, database) && !wasInUse)
    throw new UnusableDatabase(`${file} is being read by another process: try again when that has ended`);
};

/**
 * Says in the file that it needs its log from now on, once there is a log: a kill before leaves a complete file, a kill
 * after it a file and its log.
 */
const setInUse = (file: string, database: Database.Database): boolean => {
  database.pragma(`user_version = ${schemaVersion | inUse}`);
  syncFile(`${file}-wal`);
  return checkpoint(database);
};

/** Says in the file, which has everything, that it does not need its log any more, and empties the log. */
const setComplete = (file: string, database: Database.Database): boolean => {
  database.pragma(`user_version = ${schemaVersion}`);
  if (!checkpoint(database, 'TRUNCATE')) return false;
  // So that what was in the log cannot come back beside a complete file.
  syncFile(`${file}-wal`);
  return true;
};

const leaveComplete = (file: string, database: Database.Database) => {
  if (!checkpoint(database) || !setComplete(file, database)) return;
  try {
    database.pragma('synchronous = FULL');
    database.pragma('journal_mode = DELETE');
  } catch (error) {
    // Another process reads the file: it keeps its log, which is empty.
    if (codeOf(error) !== 'SQLITE_BUSY') throw error;
  }
};

/** Takes the whole log into the file and syncs both; false, at once, when another process that reads still needs it. */
const checkpoint = (database: Database.Database, mode: 'RESTART' | 'TRUNCATE' = 'RESTART'): boolean => {
  database.pragma('busy_timeout = 0');
  try {
    const [busy, inLog, taken] = only(database, `PRAGMA wal_checkpoint(${mode})`) as [number, number, number];
    return busy === 0 && inLog === taken;
  } finally {
    database.pragma(`busy_timeout = ${busyTimeout}`);
  }
};

const number = (database: Database.Database, query: string): number | undefined =>
  (only(database, query) as [number | null] | undefined)?.[0] ?? undefined;

/** The first row. All are read, since a statement that is not at its end keeps its lock. */
const only = (database: Database.Database, query: string): unknown => database.prepare(query).raw().all([])[0];

const codeOf = (error: unknown) => (error as { code?: string }).code;

const asUnusable = (file: string, error: unknown) => {
  if (error instanceof UnusableDatabase) return error;
  const { message } = error as Error;
  const code = codeOf(error) ?? '';
  if (code === 'SQLITE_BUSY') return new UnusableDatabase(`${file} is open in another process`);
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB' || message.includes('no such table'))
    return new UnusableDatabase(`${file} is torn or damaged (${message}): restore a backup`);
  return new UnusableDatabase(`${file} cannot be opened as an event store: ${message}`);
};
