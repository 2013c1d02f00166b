import { BACKWARDS, END, jsonEvent, type ReadAllOptions } from '@eventstore/db-client';
import { collect, counted, numbersFrom, refusalOf } from '../testing/events.js';
import { startStore, type TestStore } from '../testing/store.js';

let store: TestStore;
beforeEach(async () => {
  store = await startStore();
});
afterEach(() => store.end());

const append = (stream: string, count: number, first = 0) => store.client.appendToStream(stream, counted(count, first));

describe('reading a stream', () => {
  it.each([[END], [0xffffffffffffffffn]] as const)('forwards from %s gives nothing', async (fromRevision) => {
    await append('counter', 3);
    expect(await collect(store.client.readStream('counter', { fromRevision }))).toEqual([]);
  });

  it('gives positions, too', async () => {
    const first = await append('counter', 2);
    const second = await append('counter', 1);
    const events = await collect(store.client.readStream('counter'));
    expect(events.map(({ event }) => event?.position)).toEqual([expect.anything(), first.position, second.position]);
    expect(events.map(({ commitPosition }) => commitPosition)).toEqual(
      events.map(({ event }) => event?.position?.commit),
    );
  });
});

describe('reading $all', () => {
  const positions = async (options: ReadAllOptions) =>
    (await collect(store.client.readAll(options))).map(({ commitPosition }) => Number(commitPosition));

  beforeEach(async () => {
    await append('a', 300);
    await append('b', 300);
  });

  it('gives positions from 1 on, without a gap', async () => {
    const all = await positions({});
    expect(all).toEqual(numbersFrom(1, 600));
    expect(await positions({ fromPosition: END, direction: BACKWARDS })).toEqual(all.reverse());
  });

  it('ends with what was there when it began', async () => {
    const events = store.client.readAll()[Symbol.asyncIterator]();
    let count = 0;
    for (let next = await events.next(); next.done !== true; next = await events.next())
      if ((count += 1) < 200) await append('c', 10);
    expect(count).toBe(600);
  });
});

describe('a tombstone', () => {
  it.each(['grüße', ' spaces around ', 'line\nbreak'])('of %j is reported with a readable error', async (stream) => {
    await store.client.tombstoneStream(stream);
    expect(await refusalOf(store.client.tombstoneStream(stream))).toMatchObject({ type: 'stream-deleted' });
    expect(await refusalOf(collect(store.client.readStream(stream)))).toMatchObject({ type: 'stream-deleted' });
  });

  it('lets nobody write metadata', async () => {
    await store.client.setStreamMetadata('counter', { owner: 'x' });
    for (const stream of ['counter', 'other']) {
      await store.client.tombstoneStream(stream);
      const refusal = await refusalOf(store.client.setStreamMetadata(stream, { owner: 'y' }));
      expect(refusal).toMatchObject({ type: 'stream-deleted' });
    }
  });
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
