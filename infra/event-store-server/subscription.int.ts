import { once } from 'node:events';
import { END, eventTypeFilter, jsonEvent, streamNameFilter, type Position } from '@eventstore/db-client';
import { counted, numbersOf, startStore, take, type TestStore } from './testing/store.js';

let store: TestStore;
beforeEach(async () => {
  store = await startStore();
});
afterEach(() => store.end());

const append = (stream: string, count: number, first = 0) => store.client.appendToStream(stream, counted(count, first));
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('a subscription to a stream', () => {
  it('catches up, says so, and goes on', async () => {
    await append('counter', 600);
    await append('other', 1);
    const subscription = store.client.subscribeToStream('counter');
    const happened: string[] = [];
    for (const name of ['confirmation', 'caughtUp'] as const) subscription.on(name, () => happened.push(name));
    subscription.once('data', () => happened.push('event'));
    const caughtUp = once(subscription, 'caughtUp');
    const events = take(subscription, 602);
    await caughtUp;
    await append('other', 1);
    await append('counter', 2, 600);
    expect(numbersOf(await events)).toEqual(upTo(602));
    expect(happened).toEqual(['confirmation', 'event', 'caughtUp']);
  });

  it.each([
    [1n, [2, 3, 4]],
    [END, [3, 4]],
  ] as const)('begins after %s', async (fromRevision, numbers) => {
    await append('counter', 3);
    const subscription = store.client.subscribeToStream('counter', { fromRevision });
    const events = take(subscription, numbers.length);
    await once(subscription, 'caughtUp');
    await append('counter', 2, 3);
    expect(numbersOf(await events)).toEqual(numbers);
  });

  it('waits for a stream that is missing', async () => {
    const subscription = store.client.subscribeToStream('late');
    const events = take(subscription, 1);
    await once(subscription, 'caughtUp');
    await append('late', 1);
    expect(numbersOf(await events)).toEqual([0]);
  });

  it('ends when the stream gets a tombstone', async () => {
    const subscription = store.client.subscribeToStream('counter');
    subscription.resume();
    await once(subscription, 'caughtUp');
    const failure = new Promise((resolve) => subscription.once('error', resolve));
    await store.client.tombstoneStream('counter');
    expect(await failure).toMatchObject({ type: 'stream-deleted' });
  });
});

describe('a subscription to $all', () => {
  it('begins after a position', async () => {
    await append('a', 3);
    const subscription = store.client.subscribeToAll({ fromPosition: { commit: 2n, prepare: 2n } });
    expect(numbersOf(await take(subscription, 1))).toEqual([2]);
  });

  it.each([
    ['streams', streamNameFilter({ prefixes: ['a-', 'b-'] }), ['a-1', 'b-1']],
    ['streams', streamNameFilter({ regex: '-1$' }), ['a-1', 'b-1', 'c-1']],
    ['types', eventTypeFilter({ prefixes: ['Special'] }), ['c-1']],
    ['types', eventTypeFilter({ regex: '^Spec' }), ['c-1']],
  ])('filters by %s: %j', async (_on, filter, streams) => {
    await append('a-1', 1);
    await append('b-1', 1);
    await append('d', 1);
    await store.client.appendToStream('c-1', jsonEvent({ type: 'SpecialThing', data: {} }));
    const subscription = store.client.subscribeToAll({ filter });
    const received: string[] = [];
    subscription.on('data', ({ event }) => received.push(event?.streamId ?? ''));
    await once(subscription, 'caughtUp');
    expect(received).toEqual(streams);
  });

  it('sends checkpoints every interval times window events, and one before it has caught up', async () => {
    const checkpoints: number[] = [];
    const checkpointReached = (_: unknown, { commit, prepare }: Position) => {
      expect(prepare).toBe(commit);
      checkpoints.push(Number(commit));
    };
    await append('unwanted', 10);
    const filter = streamNameFilter({
      prefixes: ['wanted'],
      checkpointInterval: 2,
      maxSearchWindow: 2,
      checkpointReached,
    });
    const subscription = store.client.subscribeToAll({ filter });
    subscription.resume();
    await once(subscription, 'caughtUp');
    expect(checkpoints).toEqual([4, 8, 10]);
    const event = take(subscription, 1);
    await append('unwanted', 6);
    await append('wanted', 1);
    await event;
    expect(checkpoints).toEqual([4, 8, 10, 12, 16]);
  });

  it('sends no checkpoint twice', async () => {
    const checkpoints: number[] = [];
    const checkpointReached = (_: unknown, { commit }: Position) => void checkpoints.push(Number(commit));
    await append('unwanted', 4);
    const filter = streamNameFilter({ prefixes: ['wanted'], maxSearchWindow: 2, checkpointReached });
    const subscription = store.client.subscribeToAll({ filter });
    subscription.resume();
    await once(subscription, 'caughtUp');
    expect(checkpoints).toEqual([2, 4]);
  });

  it('refuses an expression that is none', async () => {
    const subscription = store.client.subscribeToAll({ filter: streamNameFilter({ regex: '(' }) });
    const failure = new Promise((resolve) => subscription.once('error', resolve));
    subscription.resume();
    expect(await failure).toMatchObject({ code: 3 });
  });

  it('loses, repeats and disorders nothing while appends go on', async () => {
    const total = 2_000;
    const live = take(store.client.subscribeToAll(), total);
    const writers = ['a', 'b', 'c', 'd'].map(async (stream) => {
      for (const index of upTo(total / 40)) await append(stream, 10, index * 10);
    });
    await Promise.all(writers.slice(0, 2));
    const late = take(store.client.subscribeToAll(), total);
    await Promise.all(writers);
    for (const events of [await live, await late])
      expect(events.map(({ commitPosition }) => Number(commitPosition))).toEqual(upTo(total).map((index) => index + 1));
  });

  it('waits for a slow reader: its events stay in the log until it takes them', async () => {
    const subscription = store.client.subscribeToAll();
    subscription.resume();
    await once(subscription, 'caughtUp');
    subscription.pause();
    const fellBehind = once(subscription, 'fellBehind');
    const big = 'x'.repeat(500_000);
    for (const number of upTo(40))
      await store.client.appendToStream('big', jsonEvent({ type: 'Big', data: { number, big } }));
    for (const chunk of upTo(30)) await append('small', 50, chunk * 50);
    const events = take(subscription, 1_540);
    subscription.resume();
    expect(numbersOf(await events)).toEqual([...upTo(40), ...upTo(1_500)]);
    await fellBehind;
  });
});

it('tells subscribers that the store is stopping', async () => {
  const subscription = store.client.subscribeToAll();
  subscription.resume();
  await once(subscription, 'caughtUp');
  const failure = new Promise((resolve) => subscription.once('error', resolve));
  await store.server.stop();
  expect(await failure).toMatchObject({ type: 'unavailable' });
});
