import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import {
  binaryEvent,
  BACKWARDS,
  END,
  jsonEvent,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
} from '@eventstore/db-client';
import { collect, counted, numbersOf, startStore, type TestStore } from './testing/store.js';

let store: TestStore;
beforeEach(async () => {
  store = await startStore();
});
afterEach(() => store.end());

const append = (stream: string, count: number, first = 0) => store.client.appendToStream(stream, counted(count, first));

describe('reading a stream', () => {
  beforeEach(async () => {
    await append('other', 1);
    await append('counter', 600);
  });

  it.each([
    [{}, 0, 600],
    [{ fromRevision: 598n }, 598, 2],
    [{ fromRevision: START, maxCount: 300 }, 0, 300],
    [{ fromRevision: 600n }, 0, 0],
    [{ fromRevision: END }, 0, 0],
    [{ fromRevision: 0xffffffffffffffffn }, 0, 0],
  ] as const)('forwards, %j', async (options, first, count) =>
    expect(numbersOf(await collect(store.client.readStream('counter', options)))).toEqual(
      Array.from({ length: count }, (_, index) => first + index),
    ),
  );

  it.each([
    [{ fromRevision: END }, 599, 600],
    [{ fromRevision: END, maxCount: 1 }, 599, 1],
    [{ fromRevision: 2n }, 2, 3],
    [{ fromRevision: START }, 0, 1],
    [{ fromRevision: 10_000n, maxCount: 300 }, 599, 300],
  ] as const)('backwards, %j', async (options, first, count) =>
    expect(numbersOf(await collect(store.client.readStream('counter', { ...options, direction: BACKWARDS })))).toEqual(
      Array.from({ length: count }, (_, index) => first - index),
    ),
  );

  it('that is missing says so', () =>
    expect(collect(store.client.readStream('missing'))).rejects.toMatchObject({ type: 'stream-not-found' }));
});

describe('reading $all', () => {
  const positions = async (options: Parameters<TestStore['client']['readAll']>[0]) =>
    (await collect(store.client.readAll(options))).map(({ commitPosition }) => Number(commitPosition));

  beforeEach(async () => {
    await append('a', 300);
    await append('b', 300);
  });

  it('gives every event once, in the order of positions', async () => {
    const all = await positions({});
    expect(all).toEqual(Array.from({ length: 600 }, (_, index) => index + 1));
    expect(await positions({ fromPosition: END, direction: BACKWARDS })).toEqual(all.reverse());
  });

  it('ends with what was there when it began', async () => {
    const events = store.client.readAll()[Symbol.asyncIterator]();
    let count = 0;
    for (let next = await events.next(); next.done !== true; next = await events.next())
      if ((count += 1) < 200) await append('c', 10);
    expect(count).toBe(600);
  });

  it('begins with the position when forwards, before it when backwards', async () => {
    const fromPosition = { commit: 4n, prepare: 4n };
    expect(await positions({ fromPosition, maxCount: 2 })).toEqual([4, 5]);
    expect(await positions({ fromPosition, direction: BACKWARDS })).toEqual([3, 2, 1]);
    expect(await positions({ fromPosition: END })).toEqual([]);
    expect(await positions({ fromPosition: START, direction: BACKWARDS })).toEqual([]);
  });
});

it('resolves links, also dead ones', async () => {
  const link = (data: string) => binaryEvent({ type: '$>', data: Buffer.from(data) });
  await append('source', 2);
  await store.client.appendToStream('links', [link('1@source'), link('7@source')]);
  const [alive, dead] = await collect(store.client.readStream('links', { resolveLinkTos: true }));
  expect(alive).toMatchObject({
    event: { streamId: 'source', revision: 1n },
    link: { streamId: 'links' },
    commitPosition: 3n,
  });
  expect(dead).toMatchObject({ link: { streamId: 'links', revision: 1n } });
  expect(dead?.event).toBeUndefined();
});

describe('the metadata of a stream', () => {
  it('is kept, and truncates what readers of the stream see', async () => {
    await append('counter', 5);
    await store.client.setStreamMetadata('counter', { maxCount: 2, owner: 'x' });
    expect((await store.client.getStreamMetadata('counter')).metadata).toEqual({ maxCount: 2, owner: 'x' });
    expect(numbersOf(await collect(store.client.readStream('counter')))).toEqual([3, 4]);
    await store.client.setStreamMetadata('counter', { truncateBefore: 5 });
    expect(await collect(store.client.readStream('counter'))).toEqual([]);
    expect(await collect(store.client.readAll())).toHaveLength(7);
  });
});

describe('a deleted stream', () => {
  beforeEach(() => append('counter', 2));

  it('is not found until it is written again, and numbers on', async () => {
    await store.client.deleteStream('counter', { expectedRevision: 1n });
    await expect(collect(store.client.readStream('counter'))).rejects.toMatchObject({ type: 'stream-not-found' });
    await expect(
      store.client.appendToStream('counter', counted(1), { expectedRevision: 'stream_exists' }),
    ).rejects.toMatchObject({ type: 'stream-deleted' });
    const again = await store.client.appendToStream('counter', counted(1, 2), { expectedRevision: 'no_stream' });
    expect(again.nextExpectedRevision).toBe(2n);
    expect(numbersOf(await collect(store.client.readStream('counter')))).toEqual([2]);
  });

  it('is refused at a wrong revision, or when it never was', async () => {
    await expect(store.client.deleteStream('counter', { expectedRevision: 0n })).rejects.toMatchObject({
      type: 'wrong-expected-version',
      expectedVersion: 0n,
      actualVersion: 1n,
    });
    await expect(store.client.deleteStream('missing')).rejects.toMatchObject({ type: 'wrong-expected-version' });
  });

  it('with a tombstone is closed for ever, its metadata too', async () => {
    const deleted = { type: 'stream-deleted', streamName: 'counter' };
    await store.client.setStreamMetadata('counter', { owner: 'x' });
    await store.client.tombstoneStream('counter');
    await expect(append('counter', 1)).rejects.toMatchObject(deleted);
    await expect(append('$$counter', 1)).rejects.toMatchObject({ type: 'stream-deleted' });
    await expect(collect(store.client.readStream('counter'))).rejects.toMatchObject(deleted);
    await expect(store.client.tombstoneStream('counter')).rejects.toMatchObject(deleted);
    const [last] = await collect(store.client.readAll({ fromPosition: END, direction: BACKWARDS, maxCount: 1 }));
    expect(last?.event).toMatchObject({ type: '$streamDeleted', revision: 9223372036854775807n });
  });

  it('of a name beyond ASCII is refused with a readable error', async () => {
    await store.client.tombstoneStream('grüße');
    await expect(store.client.tombstoneStream('grüße')).rejects.toMatchObject({ type: 'stream-deleted' });
  });
});

it('says what to use instead of persistent subscriptions', () =>
  expect(
    store.client.createPersistentSubscriptionToStream('a', 'b', persistentSubscriptionToStreamSettingsFromDefaults()),
  ).rejects.toThrow(/catch-up subscriptions/));

it('answers its health over HTTP on the same port', async () => {
  const [health] = (await once(get(`http://127.0.0.1:${store.server.port}/health/live`), 'response')) as [
    IncomingMessage,
  ];
  expect(health.statusCode).toBe(204);
});

it('keeps everything over a restart, and positions rise on', async () => {
  await append('counter', 2);
  await store.client.appendToStream('große', [jsonEvent({ type: 'T', data: { big: 'x'.repeat(100_000) } })]);
  const before = await collect(store.client.readAll());
  await store.client.dispose();
  await store.server.stop();
  store = await startStore(store.file);
  expect(await collect(store.client.readAll())).toEqual(before);
  expect((await append('counter', 1, 2)).position?.commit).toBe(4n);
});
