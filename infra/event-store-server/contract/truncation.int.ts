import { BACKWARDS, END, type Position, type ReadStreamOptions, type StreamMetadata } from '@eventstore/db-client';
import { collect, counted, newStream, numbersFrom, numbersOf, readAllOf, untilCaughtUp } from '../testing/events.js';
import { connect, type TestedServer } from './testing/server.js';

let server: TestedServer;
beforeAll(async () => {
  server = await connect();
});
afterAll(() => server.end());

/** A stream of the numbers 0 to 9. */
const streamWith = async (metadata: StreamMetadata) => {
  const stream = newStream();
  const { position } = await server.client.appendToStream(stream, counted(10));
  await server.client.setStreamMetadata(stream, metadata);
  return { stream, position: position as Position };
};

const read = async (stream: string, options?: ReadStreamOptions) =>
  numbersOf(await collect(server.client.readStream(stream, options)));

it.each([
  [{ maxCount: 3 }, 7],
  [{ maxCount: 30 }, 0],
  [{ truncateBefore: 4 }, 4],
  [{ truncateBefore: 0 }, 0],
  [{ truncateBefore: 8, maxCount: 5 }, 8],
  [{ truncateBefore: 2, maxCount: 1 }, 9],
  [{ maxAge: 3_600 }, 0],
  [{ maxAge: 3_600, maxCount: 2 }, 8],
])('by %j hides older events from every reader of the stream', async (metadata, first) => {
  const { stream } = await streamWith(metadata);
  const readable = numbersFrom(first, 10 - first);
  expect(await read(stream)).toEqual(readable);
  expect(await read(stream, { fromRevision: 2n, maxCount: 1 })).toEqual([Math.max(first, 2)]);
  expect(await read(stream, { fromRevision: END, direction: BACKWARDS })).toEqual(readable.toReversed());
  expect(await read(stream, { fromRevision: 1n, direction: BACKWARDS })).toEqual([1, 0].filter((n) => n >= first));
  expect(numbersOf(await untilCaughtUp(server.client.subscribeToStream(stream)))).toEqual(readable);
});

it('moves on with the stream when it is by count', async () => {
  const { stream } = await streamWith({ maxCount: 2 });
  await server.client.appendToStream(stream, counted(1, 10));
  expect(await read(stream)).toEqual([9, 10]);
});

it('of everything leaves an empty stream, not a missing one', async () => {
  const { stream } = await streamWith({ truncateBefore: 10 });
  expect(await read(stream)).toEqual([]);
  expect(await read(stream, { fromRevision: END, direction: BACKWARDS })).toEqual([]);
  const result = await server.client.appendToStream(stream, counted(1, 10), { expectedRevision: 9n });
  expect(result.nextExpectedRevision).toBe(10n);
  expect(await read(stream)).toEqual([10]);
});

it('ends when the metadata is replaced', async () => {
  const { stream } = await streamWith({ maxCount: 1 });
  expect(await read(stream)).toEqual([9]);
  await server.client.setStreamMetadata(stream, { owner: 'x' });
  expect(await read(stream)).toEqual(numbersFrom(0, 10));
});

it('by age hides what has grown older, and only that', async () => {
  const { stream } = await streamWith({ maxAge: 1 });
  while ((await read(stream)).length > 0);
  await server.client.setStreamMetadata(stream, { maxAge: 3_600 });
  await server.client.appendToStream(stream, counted(1, 10));
  expect(await read(stream)).toEqual(numbersFrom(0, 11));
});

it('does not show in $all', async () => {
  const { stream, position } = await streamWith({ maxCount: 2, truncateBefore: 9 });
  const fromPosition = { fromPosition: position, maxCount: 50, direction: BACKWARDS } as const;
  expect(numbersOf(await readAllOf(server.client, [stream], fromPosition))).toEqual(numbersFrom(0, 9).reverse());
});

it('does not show to a subscription that is ahead of it', async () => {
  const { stream } = await streamWith({ truncateBefore: 3 });
  const subscription = server.client.subscribeToStream(stream, { fromRevision: 6n });
  expect(numbersOf(await untilCaughtUp(subscription))).toEqual([7, 8, 9]);
});
