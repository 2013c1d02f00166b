import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { AccessDeniedError, END, type EventStoreDBClient } from '@eventstore/db-client';
import { ops, startSecureStore, type SecureStore } from '../testing/secure-store.js';
import { collect, counted, numbersOf, take } from '../testing/events.js';

let store: SecureStore;
beforeAll(async () => {
  store = await startSecureStore();
});
afterAll(() => store.end());

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

const failureOfStream = async (stream: NodeJS.EventEmitter & { resume: () => unknown }) => {
  stream.resume();
  return ((await once(stream, 'error')) as [unknown])[0];
};

it('serves a user whose name and password are in the connection string', async () => {
  const client = store.client(ops.name, ops.password);
  const subscription = client.subscribeToStream('served');
  const arriving = take(subscription, 3);
  await client.appendToStream('served', counted(2), { expectedRevision: 'no_stream' });
  await client.appendToStream('served', counted(1, 2), { expectedRevision: 1n });
  expect(numbersOf(await arriving)).toEqual([0, 1, 2]);
  expect(numbersOf(await collect(client.readStream('served')))).toEqual([0, 1, 2]);
  expect((await client.setStreamMetadata('served', { maxCount: 2 })).success).toBe(true);
  expect(numbersOf(await collect(client.readStream('served')))).toEqual([1, 2]);
  await client.deleteStream('served');
  await subscription.unsubscribe();
});

it('serves a user who is named with the call', async () => {
  const client = store.client();
  const credentials = { username: ops.name, password: ops.password };
  expect((await client.appendToStream('named', counted(1), { credentials })).success).toBe(true);
  expect(numbersOf(await collect(client.readStream('named', { credentials })))).toEqual([0]);
});

it('serves many calls that begin at once', async () => {
  const client = store.client(ops.name, ops.password);
  const streams = Array.from({ length: 100 }, (_, index) => `many-${index}`);
  await Promise.all(streams.map((stream) => client.appendToStream(stream, counted(1))));
  const found = await Promise.all(streams.map((stream) => collect(client.readStream(stream))));
  expect(found.map((events) => events.length)).toEqual(streams.map(() => 1));
});

describe.each([
  ['no user', undefined, ''],
  ['an unknown user', 'nobody', ops.password],
  ['a wrong password', ops.name, 'incorrect horse battery'],
  ['a blank password', ops.name, ' '],
])('with %s', (_which, name, password) => {
  it.each<[string, (client: EventStoreDBClient) => Promise<unknown>]>([
    ['an append', (client) => failureOf(client.appendToStream('denied', counted(1)))],
    ['a large append', (client) => failureOf(client.appendToStream('denied', counted(5_000)))],
    ['a read', (client) => failureOf(collect(client.readStream('named')))],
    ['a read of $all', (client) => failureOf(collect(client.readAll()))],
    ['a subscription', (client) => failureOfStream(client.subscribeToAll())],
    ['a delete', (client) => failureOf(client.deleteStream('named'))],
    ['a tombstone', (client) => failureOf(client.tombstoneStream('named'))],
  ])('refuses %s', async (_call, failure) => {
    expect(await failure(store.client(name, password))).toBeInstanceOf(AccessDeniedError);
  });
});

it('wrote nothing of what it refused', async () => {
  const client = store.client(ops.name, ops.password);
  await expect(collect(client.readStream('denied'))).rejects.toMatchObject({ type: 'stream-not-found' });
});

it('ends what a user has open once the user is removed, and refuses the user from then on', async () => {
  await store.setUser('leaver', 'about to leave this');
  const client = store.client('leaver', 'about to leave this');
  await client.appendToStream('left', counted(1));
  const subscription = client.subscribeToAll({ fromPosition: END });
  subscription.resume();
  await once(subscription, 'caughtUp');
  store.removeUser('leaver');
  expect(await failureOf(collect(client.readStream('left')))).toBeInstanceOf(AccessDeniedError);
  expect(await failureOfStream(subscription)).toBeInstanceOf(AccessDeniedError);
});

it('takes a new password at once, and the old one no more', async () => {
  await store.setUser('changer', 'the first password');
  const [before, after] = [
    store.client('changer', 'the first password'),
    store.client('changer', 'the second password'),
  ];
  await before.appendToStream('changed', counted(1));
  expect(await failureOf(collect(after.readStream('changed')))).toBeInstanceOf(AccessDeniedError);
  await store.setUser('changer', 'the second password');
  expect(await collect(after.readStream('changed'))).toHaveLength(1);
  expect(await failureOf(collect(before.readStream('changed')))).toBeInstanceOf(AccessDeniedError);
});

describe('over HTTP', () => {
  const get = async (path: string, authorization?: string) => {
    const ca = await readFile(store.caFile);
    const headers = authorization === undefined ? {} : { authorization };
    const { port } = store.server;
    const sent = request({ host: '127.0.0.1', port, path, ca, headers }).end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return { status: response.statusCode, headers: response.headers, body: await text(response) };
  };
  const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`;

  it('answers whether it is live to everybody', async () =>
    expect(await get('/health/live')).toMatchObject({ status: 204 }));

  it.each(['/stats', '/metrics', '/nothing'])('asks for a password for %s', async (path) => {
    const refused = await get(path);
    expect(refused).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Basic realm="event store", charset="UTF-8"' },
    });
    expect(JSON.parse(refused.body)).toMatchObject({ status: 401, title: 'Unauthorized' });
    for (const wrong of ['Bearer abc', 'Basic', basic('ops'), basic(':'), basic('ops:wrong'), basic('x:'.repeat(999))])
      expect(await get(path, wrong)).toMatchObject({ status: 401 });
  });

  it('answers a user', async () =>
    expect(await get('/stats', basic(`${ops.name}:${ops.password}`))).toMatchObject({ status: 200 }));
});

it.each([
  ['plain HTTP', 'GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n'],
  ['plain HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
])('closes a connection of %s, and serves on', async (_which, bytes) => {
  const socket = connect(store.server.port, '127.0.0.1');
  socket.write(bytes);
  socket.on('error', () => socket.destroy());
  socket.resume();
  await once(socket, 'close');
  const client = store.client(ops.name, ops.password);
  expect(await collect(client.readStream('named'))).toHaveLength(1);
});
