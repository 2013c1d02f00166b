import { BACKWARDS, END, START, StreamNotFoundError, type ReadStreamOptions } from '@eventstore/db-client';
import { collect, counted, newStream, numbersFrom, numbersOf, refusalOf } from '../testing/events.js';
import { connect, type TestedServer } from './testing/server.js';

const stream = newStream();
let server: TestedServer;
beforeAll(async () => {
  server = await connect();
  await server.client.appendToStream(newStream(), counted(1));
  await server.client.appendToStream(stream, counted(600));
});
afterAll(() => server.end());

const read = async (options?: ReadStreamOptions) => numbersOf(await collect(server.client.readStream(stream, options)));

it.each([
  [{}, 0, 600],
  [{ maxCount: 1 }, 0, 1],
  [{ fromRevision: 598n }, 598, 2],
  [{ fromRevision: 100n, maxCount: 300 }, 100, 300],
  [{ fromRevision: START, maxCount: 10_000 }, 0, 600],
  [{ fromRevision: 600n }, 0, 0],
  [{ fromRevision: 10_000n }, 0, 0],
] as const)('reads forwards, %j', async (options, first, count) =>
  expect(await read(options)).toEqual(numbersFrom(first, count)),
);

it.each([
  [{ fromRevision: END }, 0, 600],
  [{ fromRevision: END, maxCount: 1 }, 599, 1],
  [{ fromRevision: END, maxCount: 300 }, 300, 300],
  [{ fromRevision: 2n }, 0, 3],
  [{ fromRevision: 500n, maxCount: 2 }, 499, 2],
  [{ fromRevision: START }, 0, 1],
  [{ fromRevision: 10_000n, maxCount: 300 }, 300, 300],
] as const)('reads backwards, %j', async (options, last, count) =>
  expect(await read({ ...options, direction: BACKWARDS })).toEqual(numbersFrom(last, count).reverse()),
);

it('numbers the events of a stream from 0', async () => {
  const events = await collect(server.client.readStream(stream));
  expect(events.map(({ event }) => event?.revision)).toEqual(numbersFrom(0, 600).map(BigInt));
  expect(new Set(events.map(({ event }) => event?.streamId))).toEqual(new Set([stream]));
});

it.each([{}, { direction: BACKWARDS, fromRevision: END }, { fromRevision: 5n }] as const)(
  'says that a stream is missing, %j',
  async (options) => {
    const missing = newStream();
    const refusal = await refusalOf(collect(server.client.readStream(missing, options)));
    expect(refusal).toBeInstanceOf(StreamNotFoundError);
    expect(refusal).toMatchObject({ type: 'stream-not-found', streamName: missing });
  },
);

it('serves many reads at once', async () => {
  const reads = await Promise.all(Array.from({ length: 50 }, () => read({ fromRevision: 550n })));
  for (const numbers of reads) expect(numbers).toEqual(numbersFrom(550, 50));
});
