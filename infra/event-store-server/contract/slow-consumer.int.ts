import {
  binaryEvent,
  jsonEvent,
  streamNameFilter,
  type AllStreamSubscription,
  type EventStoreDBClient,
  type Position,
  type StreamSubscription,
} from '@eventstore/db-client';
import { counted, newStream, numbersFrom, numbersOf, take, untilCaughtUp } from '../testing/events.js';
import { connect, type TestedServer } from './testing/server.js';

let server: TestedServer;
beforeAll(async () => {
  server = await connect();
});
afterAll(() => server.end());

type Subscribe = (
  client: EventStoreDBClient,
  stream: string,
  fromPosition: Position,
) => StreamSubscription | AllStreamSubscription;

const toStream: Subscribe = (client, stream) => client.subscribeToStream(stream);
const toAll: Subscribe = (client, stream, fromPosition) =>
  client.subscribeToAll({ fromPosition, filter: streamNameFilter({ prefixes: [stream] }) });

it.each([
  ['a stream', toStream],
  ['$all', toAll],
])('of %s gets every event once, in order, though it stops while many come', async (_source, subscribe) => {
  const stream = newStream();
  const before = await server.client.appendToStream(newStream(), counted(1));
  const subscription = subscribe(server.connectAnew(), stream, before.position as Position);
  await untilCaughtUp(subscription);
  subscription.pause();
  // More than the buffers of the connection and of a server's subscription hold.
  const filler = 'x'.repeat(500_000);
  for (const number of numbersFrom(0, 20))
    await server.client.appendToStream(stream, jsonEvent({ type: 'Big', data: { number, filler } }));
  for (const part of numbersFrom(0, 30)) await server.client.appendToStream(stream, counted(50, 20 + part * 50));
  const events = take(subscription, 1_520);
  subscription.resume();
  expect(numbersOf(await events)).toEqual(numbersFrom(0, 1_520));
});

it('does not keep others waiting', async () => {
  const stream = newStream();
  const slow = server.connectAnew().subscribeToStream(stream);
  await untilCaughtUp(slow);
  slow.pause();
  const events = take(server.client.subscribeToStream(stream), 30);
  const big = () => binaryEvent({ type: 'Big', data: Buffer.alloc(500_000) });
  for (let left = 30; left > 0; left -= 1) await server.client.appendToStream(stream, big());
  expect(await events).toHaveLength(30);
});
