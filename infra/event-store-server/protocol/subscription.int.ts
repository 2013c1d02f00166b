import { once } from 'node:events';
import { jsonEvent, streamNameFilter, type Position } from '@eventstore/db-client';
import { counted, failureOf, numbersFrom, numbersOf, take, untilCaughtUp } from '../testing/events.js';
import { startStore, type TestStore } from '../testing/store.js';

let store: TestStore;
beforeEach(async () => {
  store = await startStore();
});
afterEach(() => store.end());

const append = (stream: string, count: number, first = 0) => store.client.appendToStream(stream, counted(count, first));

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
  await untilCaughtUp(subscription);
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
  await untilCaughtUp(store.client.subscribeToAll({ filter }));
  expect(checkpoints).toEqual([2, 4]);
});

it('refuses an expression that is none', async () => {
  const subscription = store.client.subscribeToAll({ filter: streamNameFilter({ regex: '(' }) });
  const failure = failureOf(subscription);
  subscription.resume();
  expect(await failure).toMatchObject({ code: 3 });
});

it('tells a reader that was slow that it fell behind, and keeps its events until it takes them', async () => {
  const subscription = store.client.subscribeToAll();
  await untilCaughtUp(subscription);
  subscription.pause();
  const fellBehind = once(subscription, 'fellBehind');
  const big = 'x'.repeat(500_000);
  for (const number of numbersFrom(0, 40))
    await store.client.appendToStream('big', jsonEvent({ type: 'Big', data: { number, big } }));
  for (const part of numbersFrom(0, 20)) await append('small', 50, part * 50);
  const events = take(subscription, 1_040);
  subscription.resume();
  expect(numbersOf(await events)).toEqual([...numbersFrom(0, 40), ...numbersFrom(0, 1_000)]);
  await fellBehind;
});

it('serves 500 subscriptions over one connection', async () => {
  const subscriptions = numbersFrom(0, 500).map(() => store.client.subscribeToStream('counter'));
  await Promise.all(subscriptions.map(untilCaughtUp));
  const received = subscriptions.map((subscription) => take(subscription, 3));
  await append('counter', 3);
  for (const events of await Promise.all(received)) expect(numbersOf(events)).toEqual([0, 1, 2]);
});

it('tells subscribers that the store is stopping', async () => {
  const subscription = store.client.subscribeToAll();
  await untilCaughtUp(subscription);
  const failure = failureOf(subscription);
  await store.server.stop();
  expect(await failure).toMatchObject({ type: 'unavailable' });
});
