import { once } from 'node:events';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient, jsonEvent, type AppendToStreamOptions, type ResolvedEvent } from '@eventstore/db-client';
import { jest } from '@jest/globals';
import type Database from 'libsql';
import type { RunningServer } from '../server.js';

/** What the tests take hold of: the database of the server that was started last, and the syncs of its log. */
let database: Database.Database;
let syncFails = false;

const real = await import('../log/database.js');
jest.unstable_mockModule('../log/database.js', () => ({
  openDatabase: (file: string) => {
    const opened = real.openDatabase(file);
    ({ database } = opened);
    return opened;
  },
}));

const ioError = () => Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' });
jest.unstable_mockModule('node:fs', () => ({
  ...fs,
  fdatasync: (descriptor: number, done: (error: Error | null) => void) => {
    if (syncFails) setImmediate(done, ioError());
    else fs.fdatasync(descriptor, done);
  },
  fdatasyncSync: (descriptor: number) => {
    if (syncFails) throw ioError();
    fs.fdatasyncSync(descriptor);
  },
}));
const { startServer } = await import('../server.js');

let folder: string;
let server: RunningServer;
let client: EventStoreDBClient;
beforeEach(async () => {
  syncFails = false;
  folder = fs.mkdtempSync(join(tmpdir(), 'event-store-'));
  server = await startServer({ file: join(folder, 'events.db'), host: '127.0.0.1', port: 0 });
  client = EventStoreDBClient.connectionString(server.url);
});
afterEach(async () => {
  await client.dispose();
  await server.stop();
  fs.rmSync(folder, { recursive: true });
});

/** What SQLite makes of a disk without room: the file cannot become larger. */
const fillDisk = () => {
  const [[pages]] = database.prepare('PRAGMA page_count').raw().all([]) as [[number]];
  database.pragma(`max_page_count = ${pages}`);
};
const makeRoom = () => database.pragma('max_page_count = 1073741823');

const events = (count: number, length: number) =>
  Array.from({ length: count }, () => jsonEvent({ type: 'Large', data: { filling: 'x'.repeat(length) } }));

const readAll = async () => {
  const all: ResolvedEvent[] = [];
  for await (const event of client.readAll()) all.push(event);
  return all.map(({ event }) => `${event?.revision}@${event?.streamId}`);
};

/** The two calls that the client appends with. */
const ways: readonly (readonly [string, AppendToStreamOptions])[] = [
  ['Append', { credentials: { username: 'u', password: 'p' } }],
  ['BatchAppend', {}],
];

describe.each(ways)('on a disk that is full, %s', (_way, options) => {
  it('fails as a whole, and goes on when there is room', async () => {
    await client.appendToStream('a', events(3, 100), options);
    const subscription = client.subscribeToAll();
    subscription.resume();
    await once(subscription, 'caughtUp');
    fillDisk();
    await expect(client.appendToStream('b', events(20, 5_000), options)).rejects.toMatchObject({ type: 'unknown' });
    await expect(client.appendToStream('a', events(20, 5_000), options)).rejects.toMatchObject({ type: 'unknown' });
    expect(await readAll()).toEqual(['0@a', '1@a', '2@a']);
    makeRoom();
    const next = once(subscription, 'data') as Promise<[ResolvedEvent]>;
    expect(await client.appendToStream('a', events(2, 5_000), options)).toMatchObject({ nextExpectedRevision: 4n });
    expect((await next)[0].event?.revision).toBe(3n);
    expect(await client.appendToStream('b', events(1, 100), options)).toMatchObject({ nextExpectedRevision: 0n });
    expect(await readAll()).toEqual(['0@a', '1@a', '2@a', '3@a', '4@a', '0@b']);
    await subscription.unsubscribe();
  });
});

it('says that the disk is full', async () => {
  fillDisk();
  await expect(client.appendToStream('a', events(20, 5_000), ways[0]?.[1])).rejects.toThrow(/disk is full/);
});

it('goes on when the indexes could not be written', async () => {
  const most = 8_192;
  await client.appendToStream('b', events(1, 1));
  await client.appendToStream('a', events(most, 1));
  fillDisk();
  await expect(client.appendToStream('a', events(1, 1))).rejects.toMatchObject({ type: 'unknown' });
  await expect(client.deleteStream('b')).rejects.toMatchObject({ type: 'unknown' });
  makeRoom();
  expect(await client.appendToStream('a', events(1, 1))).toMatchObject({ nextExpectedRevision: BigInt(most) });
  const read: ResolvedEvent[] = [];
  for await (const event of client.readStream('a')) read.push(event);
  expect(read.map(({ event }) => Number(event?.revision))).toEqual(
    Array.from({ length: most + 1 }, (_, index) => index),
  );
});

it('takes nothing more when it cannot sync, and is still read', async () => {
  await client.appendToStream('a', events(1, 1));
  syncFails = true;
  const failed = client.appendToStream('a', events(1, 1), ways[0]?.[1]);
  await expect(failed).rejects.toThrow(/The log could not be synced/);
  syncFails = false;
  await expect(client.appendToStream('a', events(1, 1), ways[0]?.[1])).rejects.toThrow(/The log could not be synced/);
  await expect(client.appendToStream('a', events(1, 1))).rejects.toMatchObject({ type: 'unknown' });
  expect(await readAll()).toEqual(['0@a']);
});
