import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { EventStoreDBClient, type AppendResult } from '@eventstore/db-client';
import Database from 'libsql';
import { collect, counted, numbersOf } from './testing/store.js';

const main = join(process.cwd(), 'dist/infra/event-store-server/main.js');

type Child = ChildProcessByStdio<null, Readable, Readable>;

let folder: string;
let file: string;
const children: Child[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'event-store-'));
  file = join(folder, 'events.db');
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

const run = (...options: string[]): Child => {
  const child = spawn(process.execPath, [main, '--db', file, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  return child;
};

const ready = async (child: Child): Promise<string> => {
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const url = /^event store ready on (esdb:\/\/127\.0\.0\.1:\d+\?tls=false)\n$/.exec(line.toString())?.[1];
  if (url === undefined) throw new Error(`Not the line that is expected: ${line.toString()}`);
  return url;
};

const refusal = async (child: Child) => {
  const [exit, errors] = await Promise.all([once(child, 'exit'), text(child.stderr)]);
  return { code: exit[0] as number, errors };
};

it('loses nothing that was acknowledged when it is killed, and has no holes', async () => {
  const acknowledged = new Map<string, number>();
  for (let round = 0; round < 4; round += 1) {
    const child = run('--port', '0');
    const client = EventStoreDBClient.connectionString(await ready(child));
    await expectAll(client, acknowledged);
    const enough = 100 + Math.floor(Math.random() * 400);
    let count = 0;
    const writers = Array.from({ length: 16 }, async (_, writer) => {
      const stream = `counter-${writer}`;
      for (;;) {
        const next = (acknowledged.get(stream) ?? -1) + 1;
        const result = await appendUnlessKilled(client, stream, next);
        if (!result) return;
        acknowledged.set(stream, Number(result.nextExpectedRevision));
        if ((count += 1) === enough) child.kill('SIGKILL');
      }
    });
    await Promise.all(writers);
    await client.dispose();
  }
  const client = EventStoreDBClient.connectionString(await ready(run('--port', '0')));
  await expectAll(client, acknowledged);
  await client.dispose();
});

const appendUnlessKilled = (
  client: EventStoreDBClient,
  stream: string,
  next: number,
): Promise<AppendResult | undefined> => client.appendToStream(stream, counted(3, next)).catch(() => undefined);

/** What was on its way when the process died may be there, or not; an append is there as a whole. */
const expectAll = async (client: EventStoreDBClient, acknowledged: Map<string, number>) => {
  const all = await collect(client.readAll());
  expect(all.map(({ commitPosition }) => Number(commitPosition))).toEqual(all.map((_, index) => index + 1));
  for (const [stream, last] of acknowledged) {
    const events = await collect(client.readStream(stream));
    expect(events.map(({ event }) => Number(event?.revision))).toEqual(events.map((_, index) => index));
    expect(events.length).toBeGreaterThan(last);
    expect(events.length % 3).toBe(0);
    expect(numbersOf(events).slice(0, last + 1)).toEqual(events.slice(0, last + 1).map((_, index) => index));
    acknowledged.set(stream, events.length - 1);
  }
};

it.each(['SIGTERM', 'SIGINT'] as const)(
  'ends with code 0 on %s, with subscriptions and appends open',
  async (signal) => {
    const child = run('--port', '0');
    const client = EventStoreDBClient.connectionString(await ready(child));
    await client.appendToStream('a', counted(1));
    const subscription = client.subscribeToAll();
    subscription.resume();
    const failure = once(subscription, 'error').catch((error: unknown) => [error]);
    await once(subscription, 'caughtUp');
    child.kill(signal);
    expect((await once(child, 'exit'))[0]).toBe(0);
    await failure;
    await client.dispose();
  },
);

it('names a port that is taken', async () => {
  const port = new URL(await ready(run('--port', '0'))).port;
  const other = spawn(process.execPath, [main, '--db', join(folder, 'other.db'), '--port', port]);
  children.push(other as unknown as Child);
  expect(await refusal(other as unknown as Child)).toEqual({
    code: 1,
    errors: `event store: Port ${port} on 127.0.0.1 is already in use\n`,
  });
});

it('listens on loopback only', async () =>
  expect(await refusal(run('--host', '0.0.0.0'))).toMatchObject({
    code: 1,
    errors: expect.stringContaining('loopback only') as string,
  }));

it('refuses a file that another process has open', async () => {
  await ready(run('--port', '0'));
  expect(await refusal(run('--port', '0'))).toEqual({
    code: 1,
    errors: `event store: ${file} is open in another process\n`,
  });
});

it.each([
  ['that is no database', () => writeFile(file, 'hello '.repeat(1_000)), 'cannot be opened'],
  [
    'of another program',
    () => Promise.resolve(new Database(file).exec('CREATE TABLE t (a)')),
    'not one of this event store',
  ],
  ['whose log is all that is left', () => writeFile(`${file}-wal`, 'hello'), 'is missing or empty'],
])('refuses a file %s, and leaves it as it is', async (_which, prepare, sentence) => {
  await prepare();
  const before = await Promise.all([file, `${file}-wal`].map((name) => readFile(name, 'utf8').catch(() => '')));
  expect(await refusal(run('--port', '0'))).toMatchObject({
    code: 1,
    errors: expect.stringContaining(sentence) as string,
  });
  const after = await Promise.all([file, `${file}-wal`].map((name) => readFile(name, 'utf8').catch(() => '')));
  expect(after).toEqual(before);
});

it('refuses a file that lost its end', async () => {
  const child = run('--port', '0');
  const client = EventStoreDBClient.connectionString(await ready(child));
  await client.appendToStream('a', counted(1_000));
  await client.dispose();
  child.kill('SIGTERM');
  await once(child, 'exit');
  await truncate(file, 64 * 1024);
  expect(await refusal(run('--port', '0'))).toMatchObject({
    code: 1,
    errors: expect.stringContaining('is torn or damaged') as string,
  });
});

it('explains its options', async () => {
  const help = await text(run('--help').stdout);
  for (const option of ['--db', '--port', '--host']) expect(help).toContain(option);
});
