import { setImmediate as nextTurn } from 'node:timers/promises';
import { streamNameFilter, type AllStreamSubscription, type Position } from '@eventstore/db-client';
import { counted, isAfter, newStream, numbersFrom, numbersOf, rise, take, untilCaughtUp } from '../testing/events.js';
import { connect, type TestedServer } from './testing/server.js';

let server: TestedServer;
beforeAll(async () => {
  server = await connect();
});
afterAll(() => server.end());

const append = async (stream: string, count: number, first = 0) =>
  (await server.client.appendToStream(stream, counted(count, first))).position as Position;

type OnCheckpoint = (subscription: AllStreamSubscription, position: Position) => Promise<void> | void;

/** A subscription to one stream by way of $all, with a checkpoint for every ten events that it passes. */
const subscribe = (stream: string, fromPosition: Position, checkpointReached?: OnCheckpoint) => {
  const window = { checkpointInterval: 2, maxSearchWindow: 5 };
  const filter = streamNameFilter({ prefixes: [stream], ...window, ...(checkpointReached && { checkpointReached }) });
  return server.client.subscribeToAll({ fromPosition, filter });
};

it('rise over events that do not match, before it has caught up', async () => {
  const before = await append(newStream(), 1);
  await append(newStream(), 60);
  const checkpoints: Position[] = [];
  const subscription = subscribe(newStream(), before, (_, position) => void checkpoints.push(position));
  expect(await untilCaughtUp(subscription)).toEqual([]);
  expect(checkpoints.length).toBeGreaterThanOrEqual(4);
  expect(rise(checkpoints)).toBe(true);
  expect(isAfter(checkpoints.at(-1) as Position, before)).toBe(true);
});

it('rise over events that do not match, after it has caught up', async () => {
  const before = await append(newStream(), 1);
  const stream = newStream();
  const checkpoints: Position[] = [];
  const subscription = subscribe(stream, before, (_, position) => void checkpoints.push(position));
  await untilCaughtUp(subscription);
  const early = checkpoints.length;
  const event = take(subscription, 1);
  const passed = await append(newStream(), 30);
  await append(stream, 1);
  await event;
  const late = checkpoints.slice(early);
  expect(late.length).toBeGreaterThanOrEqual(2);
  expect(rise(checkpoints)).toBe(true);
  expect(isAfter(late[0] as Position, before)).toBe(true);
  expect(isAfter(late[0] as Position, passed)).toBe(false);
});

it('can be resumed from without loss or repetition', async () => {
  const [stream, other] = [newStream(), newStream()];
  const before = await append(other, 1);
  for (const number of numbersFrom(0, 12)) {
    await append(stream, 1, number);
    await append(other, number);
  }
  const received: number[] = [];
  const reached: Readonly<{ position: Position; count: number }>[] = [];
  const subscription = subscribe(stream, before, async (_, position) => {
    // What came before the checkpoint may still wait in the subscription's buffer.
    await nextTurn();
    reached.push({ position, count: received.length });
  });
  subscription.on('data', (event) => received.push(...numbersOf([event])));
  await untilCaughtUp(subscription);
  expect(received).toEqual(numbersFrom(0, 12));
  expect(reached.length).toBeGreaterThanOrEqual(4);

  const live = take(subscription, 6);
  for (const number of numbersFrom(12, 6)) {
    await append(stream, 1, number);
    await append(other, number);
  }
  await live;
  expect(received).toEqual(numbersFrom(0, 18));
  for (const { position, count } of reached) {
    const resumed = subscribe(stream, position);
    expect(numbersOf(await untilCaughtUp(resumed))).toEqual(numbersFrom(count, 18 - count));
    await resumed.unsubscribe();
  }
});

it('do not come where nobody asks for them', async () => {
  const stream = newStream();
  const before = await append(newStream(), 1);
  await append(stream, 30);
  expect(numbersOf(await untilCaughtUp(subscribe(stream, before)))).toEqual(numbersFrom(0, 30));
});
