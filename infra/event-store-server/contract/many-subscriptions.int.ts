import { streamNameFilter, type Position } from '@eventstore/db-client';
import { counted, newStream, numbersFrom, numbersOf, take, untilCaughtUp } from '../testing/events.js';
import { connect, type TestedServer } from './testing/server.js';

let server: TestedServer;
beforeAll(async () => {
  server = await connect();
});
afterAll(() => server.end());

it('gives every event to each of 500 subscriptions at once', async () => {
  const stream = newStream();
  const before = await server.client.appendToStream(newStream(), counted(1));
  await server.client.appendToStream(stream, counted(5));
  // EventStoreDB takes 100 calls over one connection.
  const clients = numbersFrom(0, 10).map(() => server.connectAnew());
  const filter = streamNameFilter({ prefixes: [stream] });
  const subscriptions = clients.flatMap((client) =>
    numbersFrom(0, 25).flatMap(() => [
      client.subscribeToStream(stream),
      client.subscribeToAll({ fromPosition: before.position as Position, filter }),
    ]),
  );
  expect(subscriptions).toHaveLength(500);
  const early = await Promise.all(subscriptions.map(untilCaughtUp));
  for (const events of early) expect(numbersOf(events)).toEqual(numbersFrom(0, 5));

  const late = subscriptions.map((subscription) => take(subscription, 10));
  for (const number of numbersFrom(5, 10)) await server.client.appendToStream(stream, counted(1, number));
  for (const events of await Promise.all(late)) expect(numbersOf(events)).toEqual(numbersFrom(5, 10));
});
