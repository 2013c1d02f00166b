import { randomUUID } from 'node:crypto';
import { closeSync, copyFileSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { truncateSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { openLog } from '../log/event-log.js';
import { UnusableDatabase } from '../log/unusable-database.js';
import { randomFrom } from './random.js';
import { startServerProcess, type ServerProcess } from './server-process.js';

const pageSize = 4096;
const frameLength = 24 + pageSize;

let folder: string;
let file: string;
const servers: ServerProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'event-store-'));
  file = join(folder, 'events.db');
});
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.kill('SIGKILL');
    await server.exited;
  }
  rmSync(folder, { recursive: true });
});

const start = (...launch: Parameters<typeof startServerProcess>) => {
  const server = startServerProcess(...launch);
  servers.push(server);
  return server;
};

/** Events in appends of their own. */
const write = async (log: ReturnType<typeof openLog>, count: number, length = 100) => {
  for (let number = 0; number < count; number += 1)
    await log.write((writes) =>
      writes.append('s', 'any', [
        { id: randomUUID(), type: 't', isJson: false, metadata: Buffer.alloc(0), data: Buffer.alloc(length, 1) },
      ]),
    );
};

/** The file as it is left by a server that is asked to end. */
const leaveComplete = async (events = 40) => {
  const log = openLog(file);
  await write(log, events, 5_000);
  log.close();
};

/** The file and its log as they are left by a server that is killed: some of the events are in each. */
const leaveKilled = async () => {
  await leaveComplete();
  const source = join(folder, 'source.db');
  copyFileSync(file, source);
  const log = openLog(source);
  await write(log, 5);
  copyFileSync(source, file);
  copyFileSync(`${source}-wal`, `${file}-wal`);
  log.close();
};

const overwrite = (name: string, at: number, bytes: Buffer) => {
  const descriptor = openSync(name, 'r+');
  writeSync(descriptor, bytes, 0, bytes.length, at);
  closeSync(descriptor);
};

const header = (application: string, version: number) => {
  const database = new Database(file);
  database.exec(`PRAGMA application_id = ${application}; PRAGMA user_version = ${version}; CREATE TABLE t (a)`);
  database.close();
};

const noise = (length: number) => randomFrom(1).bytes(length);
const cutAt = (size: number) => async () => {
  await leaveComplete();
  truncateSync(file, size > 0 ? size : statSync(file).size + size);
};
const cutWhenKilled = (size: number) => async () => {
  await leaveKilled();
  truncateSync(file, size);
};
const overwritten = (at: number, bytes: Buffer) => async () => {
  await leaveComplete();
  overwrite(file, at, bytes);
};
const logOverwritten = (at: number) => async () => {
  await leaveKilled();
  overwrite(`${file}-wal`, at, noise(100));
};

const refused: readonly (readonly [string, () => unknown, RegExp])[] = [
  ['that is text', () => writeFileSync(file, 'hello '.repeat(1_000)), /is not an SQLite database/],
  ['of a few bytes', () => writeFileSync(file, 'SQLite format 3\0'), /is not an SQLite database/],
  ['of zeros', () => writeFileSync(file, Buffer.alloc(8_192)), /is not an SQLite database/],
  ['of another program', () => header('77', 2), /is an SQLite file, but not one of this event store/],
  ['of another version', () => header(String(0x45764573), 9), /has version 9; this event store reads version \d+/],
  ['cut after its first page', cutAt(pageSize), /is torn or damaged: it has 4096 of \d+ bytes/],
  ['cut within its first page', cutAt(1_000), /is torn or damaged/],
  ['cut in the middle', cutAt(20 * pageSize), /is torn or damaged/],
  ['cut within a page', cutAt(20 * pageSize + 1), /is torn or damaged/],
  ['without its last page', cutAt(-pageSize), /is torn or damaged/],
  ['without its last byte', cutAt(-1), /is torn or damaged/],
  ['in use, cut after its first page', cutWhenKilled(pageSize), /is torn or damaged/],
  ['in use, cut in the middle', cutWhenKilled(20 * pageSize + 77), /is torn or damaged/],
  ['whose first page is noise', overwritten(0, noise(pageSize)), /is not an SQLite database/],
  ['whose first page is empty', overwritten(100, Buffer.alloc(pageSize - 100)), /is torn or damaged/],
  ['whose log is all that is left', () => writeFileSync(`${file}-wal`, 'hello'), /is missing or empty, but its log/],
  [
    'beside which lies the log of another',
    async () => {
      await leaveComplete();
      writeFileSync(`${file}-wal`, noise(9_000));
    },
    /the log \S+ beside it is not its own/,
  ],
  [
    'whose log is lost',
    async () => {
      await leaveKilled();
      rmSync(`${file}-wal`);
    },
    /with the newest events, is missing: put the log back beside it, or restore a backup/,
  ],
  [
    'whose log is empty',
    async () => {
      await leaveKilled();
      truncateSync(`${file}-wal`);
    },
    /with the newest events, is missing/,
  ],
  ['whose log lost its beginning', logOverwritten(0), /-wal, the log of \S+, is damaged/],
  ['whose log is damaged in its first frame', logOverwritten(32 + 500), /-wal, the log of \S+, is damaged/],
  ['whose log is damaged in the middle', logOverwritten(32 + 2 * frameLength), /-wal, the log of \S+, is damaged/],
];

it.each(refused)('refuses a file %s, and leaves it as it is', async (_which, prepare, sentence) => {
  await prepare();
  const before = contentOf();
  expect(() => openLog(file)).toThrow(UnusableDatabase);
  expect(() => openLog(file)).toThrow(sentence);
  expect(contentOf()).toEqual(before);
});

const contentOf = () => [file, `${file}-wal`].map((name) => (existsSync(name) ? readFileSync(name, 'latin1') : ''));

it('ends with code 1 and the sentence', async () => {
  writeFileSync(file, 'hello');
  expect(await start(file).exited).toEqual({
    code: 1,
    signal: null,
    errors: `event store: ${file} is not an SQLite database, so no event store: give another file\n`,
  });
});

it('refuses a file that another process has open', async () => {
  await start(file).url;
  expect(await start(file).exited).toMatchObject({
    code: 1,
    errors: `event store: ${file} is open in another process\n`,
  });
});

it('takes a file whose log was cut within its last append', async () => {
  await leaveKilled();
  const size = statSync(`${file}-wal`).size;
  truncateSync(`${file}-wal`, size - 1);
  const log = openLog(file);
  expect(log.stream('s').last).toBe(43);
  await write(log, 1);
  expect(log.head()).toBe(45);
  log.close();
});

it('takes a file that another program has made complete', async () => {
  await leaveKilled();
  const database = new Database(file);
  database.pragma('journal_mode = DELETE');
  database.close();
  const log = openLog(file);
  expect(log.head()).toBe(45);
  log.close();
});

it('leaves a complete file without a log', async () => {
  await leaveComplete();
  expect(existsSync(`${file}-wal`)).toBe(false);
  const log = openLog(file);
  expect(log.head()).toBe(40);
  log.close();
});
