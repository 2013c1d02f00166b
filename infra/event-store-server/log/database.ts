import { existsSync, statSync } from 'node:fs';
import Database from 'libsql';

/** "EvEs": says that an SQLite file is an event store of this project. */
const applicationId = 0x45764573;
const schemaVersion = 1;

const schema = `
  CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL REFERENCES streams (id),
    revision INTEGER NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    is_json INTEGER NOT NULL,
    created INTEGER NOT NULL,
    size INTEGER NOT NULL,
    metadata BLOB NOT NULL,
    data BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX events_by_revision ON events (stream, revision);
  CREATE INDEX events_by_id ON events (stream, id, revision);
  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = ${schemaVersion};
`;

/** The database file cannot be used: the message names it and says why. Nothing in it was changed. */
export class UnusableDatabase extends Error {
  override readonly name = 'UnusableDatabase';
}

/**
 * Opens the file of an event store, or makes a new one where there is none. The file stays locked until it is closed.
 *
 * @throws UnusableDatabase when the file is foreign, torn, of another version, or open in another process.
 */
export const openDatabase = (file: string): Database.Database => {
  refuseOrphanedLog(file);
  const database = open(file);
  try {
    database.pragma('locking_mode = EXCLUSIVE');
    const isNew = isEmpty(database);
    if (!isNew) refuseForeign(file, database);
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.pragma('cache_size = -16000');
    if (isNew) database.exec(`BEGIN IMMEDIATE; ${schema} COMMIT;`);
    return database;
  } catch (error) {
    database.close();
    throw asUnusable(file, error);
  }
};

/** Leaves one complete, unlocked file. (libsql's own close waits for the garbage collection of every statement.) */
export const closeDatabase = (database: Database.Database): void => {
  database.pragma('journal_mode = DELETE');
  database.pragma('locking_mode = NORMAL');
  isEmpty(database);
  database.close();
};

/** SQLite would silently delete a write-ahead log whose database is gone, and with it acknowledged events. */
const refuseOrphanedLog = (file: string) => {
  if (sizeOf(file) === 0 && sizeOf(`${file}-wal`) > 0)
    throw new UnusableDatabase(`${file} is missing or empty, but its log ${file}-wal holds data`);
};

const open = (file: string) => {
  try {
    return new Database(file);
  } catch (error) {
    throw asUnusable(file, error);
  }
};

const isEmpty = (database: Database.Database) => number(database, 'SELECT count(*) FROM sqlite_master') === 0;

const refuseForeign = (file: string, database: Database.Database) => {
  if (number(database, 'PRAGMA application_id') !== applicationId)
    throw new UnusableDatabase(`${file} is an SQLite file, but not one of this event store`);
  const version = number(database, 'PRAGMA user_version');
  if (version !== schemaVersion)
    throw new UnusableDatabase(`${file} has version ${version}; this event store reads version ${schemaVersion}`);
};

const number = (database: Database.Database, query: string): number => {
  const [row] = database.prepare(query).raw().all([]) as [number][];
  return row?.[0] ?? 0;
};

const sizeOf = (file: string) => (existsSync(file) ? statSync(file).size : 0);

const asUnusable = (file: string, error: unknown) => {
  if (error instanceof UnusableDatabase) return error;
  const { code, message } = error as { code?: string; message: string };
  if (code === 'SQLITE_BUSY') return new UnusableDatabase(`${file} is open in another process`);
  if (code?.startsWith('SQLITE_CORRUPT') === true)
    return new UnusableDatabase(`${file} is torn or damaged (${message}): restore it from a copy`);
  return new UnusableDatabase(`${file} cannot be opened as an event store: ${message}`);
};
