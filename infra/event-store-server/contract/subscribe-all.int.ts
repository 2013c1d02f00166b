import { once } from 'node:events';
import { END, type AllStreamSubscription, type Position, type ResolvedEvent } from '@eventstore/db-client';
import {
  collect,
  counted,
  take,
  newStream,
  numbersFrom,
  numbersOf,
  positionOf,
  readAllOf,
  rise,
  streamOf,
  untilCaughtUp,
} from '../testing/events.js';
import { connect, type TestedServer } from './testing/server.js';

let server: TestedServer;
beforeAll(async () => {
  server = await connect();
});
afterAll(() => server.end());

const append = async (stream: string, count: number, first = 0) =>
  (await server.client.appendToStream(stream, counted(count, first))).position as Position;

/** The next events of these streams. Leaves the subscription open. */
const takeOf = (subscription: AllStreamSubscription, streams: readonly string[], count: number) =>
  new Promise<ResolvedEvent[]>((resolve, reject) => {
    const taken: ResolvedEvent[] = [];
    const keep = (event: ResolvedEvent) => {
      if (!streams.includes(streamOf(event))) return;
      taken.push(event);
      if (taken.length < count) return;
      subscription.off('data', keep);
      resolve(taken);
    };
    subscription.on('data', keep).once('error', reject);
  });

it('catches up, says so, and goes on', async () => {
  const stream = newStream();
  const fromPosition = await append(newStream(), 1);
  await append(stream, 600);
  const subscription = server.client.subscribeToAll({ fromPosition });
  const happened: string[] = [];
  for (const name of ['confirmation', 'caughtUp'] as const) subscription.once(name, () => happened.push(name));
  subscription.once('data', () => happened.push('event'));
  const events = takeOf(subscription, [stream], 602);
  await once(subscription, 'caughtUp');
  await append(stream, 2, 600);
  expect(numbersOf(await events)).toEqual(numbersFrom(0, 602));
  expect(happened).toEqual(['confirmation', 'event', 'caughtUp']);
});

it('begins with the very first event', async () => {
  await append(newStream(), 10);
  const subscription = server.client.subscribeToAll();
  const events = await take(subscription, 10);
  await subscription.unsubscribe();
  expect(events).toEqual(await collect(server.client.readAll({ maxCount: 10 })));
});

it('begins after a position', async () => {
  const stream = newStream();
  const positions: Position[] = [];
  for (const number of numbersFrom(0, 4)) positions.push(await append(stream, 1, number));
  for (const [index, fromPosition] of positions.entries()) {
    const subscription = server.client.subscribeToAll({ fromPosition });
    const events = (await untilCaughtUp(subscription)).filter((event) => streamOf(event) === stream);
    expect(numbersOf(events)).toEqual(numbersFrom(index + 1, 3 - index));
    await subscription.unsubscribe();
  }
});

it('begins after the end', async () => {
  const stream = newStream();
  await append(stream, 2);
  const subscription = server.client.subscribeToAll({ fromPosition: END });
  const early = await untilCaughtUp(subscription);
  expect(early.map(streamOf)).not.toContain(stream);
  const events = takeOf(subscription, [stream], 1);
  await append(stream, 1, 2);
  expect(numbersOf(await events)).toEqual([2]);
});

it('gives what a read gives: also metadata, deletions and tombstones', async () => {
  const stream = newStream();
  const ours = [stream, `$$${stream}`];
  const before = await append(stream, 1);
  const live = takeOf(server.client.subscribeToAll({ fromPosition: before }), ours, 4);
  await server.client.setStreamMetadata(stream, { owner: 'x' });
  await append(stream, 1, 1);
  await server.client.deleteStream(stream);
  await server.client.tombstoneStream(stream);
  const events = await live;
  expect(events.map(({ event }) => event?.type)).toEqual(['$metadata', 'Counted', '$metadata', '$streamDeleted']);
  expect(await readAllOf(server.client, ours, { fromPosition: before })).toMatchObject([{}, ...events]);
});

it('loses, repeats and disorders nothing while many write', async () => {
  const streams = Array.from({ length: 4 }, () => newStream());
  const total = 2_000;
  const fromPosition = await append(newStream(), 1);
  const live = takeOf(server.client.subscribeToAll({ fromPosition }), streams, total);
  const writers = streams.map(async (stream) => {
    for (const index of numbersFrom(0, total / 40)) await append(stream, 10, index * 10);
  });
  await Promise.all(writers.slice(0, 2));
  const late = takeOf(server.client.subscribeToAll({ fromPosition }), streams, total);
  await Promise.all(writers);
  const written = await readAllOf(server.client, streams, { fromPosition });
  expect(rise(written.map(positionOf))).toBe(true);
  for (const stream of streams)
    expect(numbersOf(written.filter((event) => streamOf(event) === stream))).toEqual(numbersFrom(0, total / 4));
  for (const events of [await live, await late]) expect(events.map(positionOf)).toEqual(written.map(positionOf));
});

it('gives nothing more after it was ended', async () => {
  const stream = newStream();
  const fromPosition = await append(stream, 1);
  const [ended, other] = [
    server.client.subscribeToAll({ fromPosition }),
    server.client.subscribeToAll({ fromPosition }),
  ];
  const received: string[] = [];
  ended.on('data', (event) => received.push(streamOf(event)));
  await Promise.all([once(ended, 'caughtUp'), untilCaughtUp(other)]);
  const end = once(ended, 'end');
  await ended.unsubscribe();
  await end;
  const events = takeOf(other, [stream], 1);
  await append(stream, 1, 1);
  await events;
  expect(received).not.toContain(stream);
});
