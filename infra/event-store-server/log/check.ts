import { existsSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import Database from 'libsql';
import { tombstoneRevision } from '../rules/append-rules.js';
import { checksumOf } from './checksum.js';
import { examine } from './examination.js';
import { hashOf } from './id-hash.js';
import { takeLock } from './lock.js';
import { sizeOf } from './recorded-event.js';
import { schema } from './schema.js';
import { isMetadataStream, metadataStreamOf } from '../rules/truncation.js';
import { UnusableDatabase } from './unusable-database.js';

/** What a check found wrong, as sentences; an intact database gives none. */
export type CheckReport = Readonly<{ events: number; streams: number; findings: readonly string[] }>;

/** `step` is what is being checked; `done` of `total` events were read. */
export type CheckProgress = Readonly<{ step: string; done: number; total: number }>;

const mostFindings = 100;
const eventsAtOnce = 100;

/**
 * Reads a whole database, which a server may have open meanwhile, and changes nothing: the structure of the file, the
 * checksum of every event, the order of positions and revisions, and whether the indexes know each event.
 *
 * @throws UnusableDatabase when the file cannot be read at all.
 */
export const checkDatabase = async (
  file: string,
  onProgress: (progress: CheckProgress) => void = () => undefined,
): Promise<CheckReport> => {
  examineUnlessOpen(file);
  // A connection that may not write neither merges nor removes the log when it ends.
  const database = new Database(`${pathToFileURL(file).href}?mode=ro`);
  const findings: string[] = [];
  const find = (sentence: string) => {
    if (findings.length < mostFindings) findings.push(sentence);
    else if (findings.length === mostFindings) findings.push('There is more, which is not listed');
  };
  const attempt = async <Result>(step: () => Result | Promise<Result>): Promise<Result | undefined> => {
    try {
      return await step();
    } catch (error) {
      find(`The file cannot be read on: ${(error as Error).message}`);
      return undefined;
    }
  };
  try {
    await attempt(() => checkStructure(database, find, onProgress));
    // One view of everything, whatever is appended meanwhile.
    await attempt(() => database.exec('BEGIN'));
    const counts = await attempt(() => checkEvents(database, find, onProgress));
    await attempt(() => checkIndexes(database, find));
    await attempt(() => database.exec('ROLLBACK'));
    return { events: counts?.events ?? 0, streams: counts?.streams ?? 0, findings };
  } finally {
    database.close();
  }
};

type Find = (sentence: string) => void;

/** While a server writes to the files they cannot be read as they lie there; it examined them when it began. */
const examineUnlessOpen = (file: string) => {
  if (!existsSync(file)) throw new UnusableDatabase(`There is no database ${file}`);
  const lock = takeLock(file);
  try {
    if (lock && !examine(file)) throw new UnusableDatabase(`${file} is missing or empty`);
  } finally {
    lock?.release();
  }
};

const checkStructure = async (
  database: Database.Database,
  find: Find,
  onProgress: (progress: CheckProgress) => void,
) => {
  const tables = [...schema.matchAll(/CREATE TABLE (\w+)/g)].map(([, name]) => name as string);
  for (const [done, table] of tables.entries()) {
    onProgress({ step: `structure of ${table}`, done, total: tables.length });
    await nextTurn();
    for (const [answer] of rows<[string]>(database, `PRAGMA integrity_check(${table})`))
      if (answer !== 'ok') find(`The structure of ${table} is damaged: ${answer}`);
  }
};

type Row = [number, number, number, Buffer, Buffer, number, number, number, number, Uint8Array, Uint8Array];

const checkEvents = async (
  database: Database.Database,
  find: Find,
  onProgress: (progress: CheckProgress) => void,
): Promise<Readonly<{ events: number; streams: number }>> => {
  // As bytes, for libsql ends the process when it is to read a text that is none.
  const streams = rows<[number, Buffer]>(database, 'SELECT id, CAST(name AS BLOB) FROM streams');
  const names = new Map(streams.map(([id, name]) => [id, name.toString()]));
  const known = new Set(names.values());
  const [[total]] = rows<[number]>(database, 'SELECT count(*) FROM events') as [[number]];
  const [indexed = 0] = rows<[number]>(database, 'SELECT indexed FROM state')[0] ?? [];
  const select = database
    .prepare(
      `SELECT position, stream, revision, CAST(id AS BLOB), CAST(type AS BLOB), is_json, created, size, checksum, metadata, data
       FROM events WHERE position > ? ORDER BY position LIMIT ${eventsAtOnce}`,
    )
    .raw();
  const selectPosition = database.prepare('SELECT position FROM stream_events WHERE stream = ? AND revision = ?').raw();
  const selectId = database.prepare('SELECT 1 FROM event_ids WHERE id_hash = ? AND position = ?').raw();
  const last = new Map<number, number>();
  let events = 0;
  let position = 0;

  const check = ([at, stream, revision, idBytes, typeBytes, isJson, created, size, checksum, metadata, data]: Row) => {
    const [id, type] = [idBytes.toString(), typeBytes.toString()];
    const name = names.get(stream);
    const event = {
      position: at,
      stream: name ?? '',
      revision,
      id,
      type,
      isJson: isJson === 1,
      created,
      metadata,
      data,
    };
    const place = `${revision}@${name ?? `the unknown stream ${stream}`}, at position ${at},`;
    if (at <= position) find(`The event ${place} comes after position ${position}`);
    if (name === undefined) find(`The event ${place} has no stream`);
    if (checksumOf(event) !== checksum) find(`The event ${place} is not what was written`);
    if (sizeOf({ type, metadata, data, id, isJson: false }) !== size) find(`The event ${place} has another size`);
    const before = last.get(stream);
    if (
      revision !== (before ?? -1) + 1 &&
      revision !== tombstoneRevision &&
      (before !== undefined || !isTruncated(name))
    )
      find(`The event ${place} follows revision ${before ?? 'none'}: those between are lost`);
    last.set(stream, revision);
    position = at;
    if (at > indexed) return;
    if ((selectPosition.get([stream, revision]) as [number] | undefined)?.[0] !== at)
      find(`The event ${place} is not in the index of streams`);
    if (selectId.get([hashOf(id), at]) === undefined) find(`The event ${place} is not in the index of ids`);
  };

  /** Whether older events may have been removed. */
  const isTruncated = (name = '') => isMetadataStream(name) || known.has(metadataStreamOf(name));

  for (let page = select.all([0]) as Row[]; page.length > 0; page = select.all([position]) as Row[]) {
    page.forEach(check);
    events += page.length;
    onProgress({ step: 'events', done: events, total });
    await nextTurn();
  }
  return { events, streams: last.size };
};

/** Every event was found in them: so they must not hold more. */
const checkIndexes = (database: Database.Database, find: Find) => {
  const [[expected, inStreams, inIds, states]] = rows<[number, number, number, number]>(
    database,
    `SELECT (SELECT count(*) FROM events WHERE position <= (SELECT indexed FROM state)),
       (SELECT count(*) FROM stream_events), (SELECT count(*) FROM event_ids), (SELECT count(*) FROM state)`,
  ) as [[number, number, number, number]];
  if (states !== 1) find('Nothing says how far the indexes reach');
  if (inStreams !== expected) find(`The index of streams has ${inStreams} entries for ${expected} events`);
  if (inIds !== expected) find(`The index of ids has ${inIds} entries for ${expected} events`);
};

const rows = <Row>(database: Database.Database, query: string): Row[] => database.prepare(query).raw().all([]) as Row[];
