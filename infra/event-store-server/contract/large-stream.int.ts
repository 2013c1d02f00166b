import { BACKWARDS, END, type ReadStreamOptions } from '@eventstore/db-client';
import { collect, counted, newStream, numbersFrom, numbersOf } from '../testing/events.js';
import { connect, type TestedServer } from './testing/server.js';

const total = 20_000;
const ofOneAppend = 1_000;
const stream = newStream();

const firsts = numbersFrom(0, total / ofOneAppend).map((index) => index * ofOneAppend);

let server: TestedServer;
beforeAll(async () => {
  server = await connect();
  await Promise.all(firsts.map((first) => server.client.appendToStream(stream, counted(ofOneAppend, first))));
});
afterAll(() => server.end());

const read = (options: ReadStreamOptions) => collect(server.client.readStream(stream, options));
const revisionsOf = async (options: ReadStreamOptions) =>
  (await read(options)).map(({ event }) => Number(event?.revision));

it('is read from beginning to end in order, each append whole', async () => {
  const numbers: number[] = [];
  let revision = 0n;
  for await (const event of server.client.readStream(stream)) {
    if (event.event?.revision !== revision) throw new Error(`Revision ${String(revision)} is missing`);
    revision += 1n;
    numbers.push(...numbersOf([event]));
  }
  expect(numbers).toHaveLength(total);
  const found = firsts.map((index) => numbers[index] ?? 0);
  expect(found.toSorted((one, other) => one - other)).toEqual(firsts);
  expect(numbers).toEqual(found.flatMap((first) => numbersFrom(first, ofOneAppend)));
});

it('is read from the middle and from the end, in either direction', async () => {
  expect(await revisionsOf({ fromRevision: 10_000n, maxCount: 10 })).toEqual(numbersFrom(10_000, 10));
  expect(await revisionsOf({ fromRevision: BigInt(total - 3) })).toEqual(numbersFrom(total - 3, 3));
  const backwards = { direction: BACKWARDS, maxCount: 10 } as const;
  expect(await revisionsOf({ ...backwards, fromRevision: END })).toEqual(numbersFrom(total - 10, 10).reverse());
  expect(await revisionsOf({ ...backwards, fromRevision: 10_000n })).toEqual(numbersFrom(9_991, 10).reverse());
});

it('is continued at its end', async () => {
  const expectedRevision = BigInt(total - 1);
  const result = await server.client.appendToStream(stream, counted(1, total), { expectedRevision });
  expect(result.nextExpectedRevision).toBe(BigInt(total));
  const [last] = await read({ fromRevision: END, direction: BACKWARDS, maxCount: 1 });
  expect(last?.event?.data).toEqual({ number: total });
});
