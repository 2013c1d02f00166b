import { once } from 'node:events';
import { END } from '@eventstore/db-client';
import { counted, newStream, numbersFrom, numbersOf, take, untilCaughtUp } from '../testing/events.js';
import { connect, type TestedServer } from './testing/server.js';

let server: TestedServer;
beforeAll(async () => {
  server = await connect();
});
afterAll(() => server.end());

const append = (stream: string, count: number, first = 0) =>
  server.client.appendToStream(stream, counted(count, first));

it('catches up, says so, and goes on', async () => {
  const [stream, other] = [newStream(), newStream()];
  await append(stream, 600);
  await append(other, 1);
  const subscription = server.client.subscribeToStream(stream);
  const happened: string[] = [];
  for (const name of ['confirmation', 'caughtUp'] as const) subscription.on(name, () => happened.push(name));
  subscription.once('data', () => happened.push('event'));
  const caughtUp = once(subscription, 'caughtUp');
  const events = take(subscription, 602);
  await caughtUp;
  await append(other, 1);
  await append(stream, 2, 600);
  expect(numbersOf(await events)).toEqual(numbersFrom(0, 602));
  expect(happened).toEqual(['confirmation', 'event', 'caughtUp']);
  expect(subscription.id).toEqual(expect.any(String));
});

it.each([
  [1n, [2], [3, 4]],
  [2n, [], [3, 4]],
  [3n, [], [4]],
  [END, [], [3, 4]],
] as const)('begins after %s', async (fromRevision, before, after) => {
  const stream = newStream();
  await append(stream, 3);
  const subscription = server.client.subscribeToStream(stream, { fromRevision });
  expect(numbersOf(await untilCaughtUp(subscription))).toEqual(before);
  const events = take(subscription, after.length);
  await append(stream, 2, 3);
  expect(numbersOf(await events)).toEqual(after);
});

it.each([{}, { fromRevision: END }] as const)('waits for a stream that is missing, %j', async (options) => {
  const stream = newStream();
  const subscription = server.client.subscribeToStream(stream, options);
  expect(await untilCaughtUp(subscription)).toEqual([]);
  const events = take(subscription, 2);
  await append(stream, 2);
  expect(numbersOf(await events)).toEqual([0, 1]);
});

it('can be resumed after any event without loss or repetition', async () => {
  const stream = newStream();
  await append(stream, 10);
  for (const number of numbersFrom(0, 10)) {
    const subscription = server.client.subscribeToStream(stream, { fromRevision: BigInt(number) });
    expect(numbersOf(await untilCaughtUp(subscription))).toEqual(numbersFrom(number + 1, 9 - number));
    await subscription.unsubscribe();
  }
});

it('gives nothing more after it was ended, while others go on', async () => {
  const stream = newStream();
  await append(stream, 1);
  const [ended, other] = [server.client.subscribeToStream(stream), server.client.subscribeToStream(stream)];
  const received: number[] = [];
  ended.on('data', (event) => received.push(...numbersOf([event])));
  await Promise.all([once(ended, 'caughtUp'), untilCaughtUp(other)]);
  const end = once(ended, 'end');
  await ended.unsubscribe();
  await end;
  const events = take(other, 1);
  await append(stream, 1, 1);
  expect(numbersOf(await events)).toEqual([1]);
  expect(received).toEqual([0]);
});

it('can be iterated', async () => {
  const stream = newStream();
  await append(stream, 3);
  const numbers: number[] = [];
  for await (const event of server.client.subscribeToStream(stream)) {
    numbers.push(...numbersOf([event]));
    if (numbers.length === 3) await append(stream, 1, 3);
    if (numbers.length === 4) break;
  }
  expect(numbers).toEqual([0, 1, 2, 3]);
});

it('gives every event once, in order, while it is written', async () => {
  const stream = newStream();
  const before = take(server.client.subscribeToStream(stream), 500);
  const writing = (async () => {
    for (const first of numbersFrom(0, 50)) await append(stream, 10, first * 10);
  })();
  const meanwhile = take(server.client.subscribeToStream(stream), 500);
  await writing;
  for (const events of [await before, await meanwhile]) expect(numbersOf(events)).toEqual(numbersFrom(0, 500));
});
