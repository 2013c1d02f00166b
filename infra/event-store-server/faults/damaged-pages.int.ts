import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binaryEvent, EventStoreDBClient } from '@eventstore/db-client';
import { startServerProcess, type ServerProcess } from './server-process.js';

let folder: string;
let file: string;
let server: ServerProcess;
let client: EventStoreDBClient;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'event-store-'));
  file = join(folder, 'events.db');
  await start();
});
afterEach(async () => {
  await stop();
  rmSync(folder, { recursive: true });
});

const start = async () => {
  server = startServerProcess(file);
  client = EventStoreDBClient.connectionString(await server.url);
};

const stop = async () => {
  await client.dispose();
  server.kill('SIGTERM');
  await server.exited;
};

const append = (stream: string, text: string, type = 'Noted') =>
  client.appendToStream(stream, binaryEvent({ type, data: Buffer.from(text.repeat(100)) }));

const read = async (stream: string) => {
  const texts: string[] = [];
  for await (const { event } of client.readStream(stream))
    texts.push(Buffer.from(event?.data as Uint8Array).toString());
  return texts.map((text) => text.slice(0, 5));
};

/** Ends the server, changes the last place in the file where these bytes are, and starts it again. */
const change = async (bytes: string, others: Buffer) => {
  await stop();
  const content = readFileSync(file);
  others.copy(content, content.lastIndexOf(bytes));
  writeFileSync(file, content);
  await start();
};

it('says that an event is damaged, and goes on with the others', async () => {
  await append('a', 'whole');
  await append('b', 'wrong');
  await change('wrongwrong', Buffer.from('WRONG'));
  await expect(read('b')).rejects.toThrow(/position 2 is damaged .* backup/);
  expect(await read('a')).toEqual(['whole']);
  expect(await append('b', 'after')).toMatchObject({ nextExpectedRevision: 1n });
});

it('goes on when an event has a text that is none', async () => {
  await append('a', 'whole');
  await append('b', 'wrong', 'TypeOfTheSecond');
  await change('TypeOfTheSecond', Buffer.from([0xff]));
  await expect(read('b')).rejects.toThrow(/position 2 is damaged/);
  expect(await read('a')).toEqual(['whole']);
});

it('says that the file is damaged when a page of it is', async () => {
  for (let count = 0; count < 50; count += 1) await append('a', 'whole'.repeat(10));
  await append('b', 'whole');
  await stop();
  const content = readFileSync(file);
  const page = Math.floor(content.indexOf('wholewhole') / 4096);
  content.fill(0xff, page * 4096, page * 4096 + 200);
  writeFileSync(file, content);
  await start();
  await expect(read('a')).rejects.toThrow(/malformed|damaged/);
  expect(await append('c', 'after')).toMatchObject({ nextExpectedRevision: 0n });
  expect(await read('c')).toEqual(['after']);
});
