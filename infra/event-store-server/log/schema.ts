/** "EvEs": says that an SQLite file is an event store of this project. */
export const applicationId = 0x45764573;

export const schemaVersion = 2;

/** Stands in the version of a file that has all events only together with its write-ahead log. */
export const inUse = 0x10000;

/**
 * `events` is the log, the only table that an append writes to. `stream_events` and `event_ids` find its rows by stream
 * and revision and by id; they lag behind: `state.indexed` is the last position that they hold.
 */
export const schema = `
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
    checksum INTEGER NOT NULL,
    metadata BLOB NOT NULL,
    data BLOB NOT NULL
  ) STRICT;
  CREATE TABLE stream_events (
    stream INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (stream, revision)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE event_ids (
    id_hash INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (id_hash, position)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE state (indexed INTEGER NOT NULL) STRICT;
  INSERT INTO state VALUES (0);
  CREATE TABLE users (name TEXT PRIMARY KEY, hash TEXT NOT NULL) STRICT;
  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = ${schemaVersion};
`;
