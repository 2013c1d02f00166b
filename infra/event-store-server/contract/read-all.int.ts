import { BACKWARDS, END, START, type Position, type ResolvedEvent } from '@eventstore/db-client';
import {
  collect,
  counted,
  newStream,
  numbersFrom,
  numbersOf,
  positionOf,
  readAllOf,
  rise,
  streamOf,
} from '../testing/events.js';
import { connect, type TestedServer } from './testing/server.js';

const streams = [newStream(), newStream(), newStream()] as const;
let server: TestedServer;
/** The positions of the first and the last of the nine events, three in each stream in turn. */
let first: Position;
let last: Position;
beforeAll(async () => {
  server = await connect();
  const positions: Position[] = [];
  for (const number of numbersFrom(0, 9)) {
    const result = await server.client.appendToStream(streams[number % 3] as string, counted(1, number));
    positions.push(result.position as Position);
  }
  first = positions[0] as Position;
  last = positions[8] as Position;
});
afterAll(() => server.end());

const read = (options: Parameters<typeof readAllOf>[2]) => readAllOf(server.client, streams, options);

it('gives every event of every stream once, in the order they were appended', async () => {
  const events = await read({ fromPosition: first });
  expect(numbersOf(events)).toEqual(numbersFrom(0, 9));
  expect(events.map(streamOf)).toEqual(numbersFrom(0, 9).map((number) => streams[number % 3]));
  expect(rise(events.map(positionOf))).toBe(true);
});

it('gives the same backwards from the end', async () => {
  const backwards = await read({ fromPosition: END, direction: BACKWARDS, maxCount: 1_000 });
  expect(backwards.reverse()).toEqual(await read({ fromPosition: first }));
});

it('begins with the very first event', async () => {
  const [one, two] = await collect(server.client.readAll({ maxCount: 2 }));
  expect(await collect(server.client.readAll({ fromPosition: START, maxCount: 2 }))).toEqual([one, two]);
  const beforeTwo = { fromPosition: positionOf(two as ResolvedEvent), direction: BACKWARDS } as const;
  expect(await collect(server.client.readAll(beforeTwo))).toEqual([one]);
});

it('begins with the event at a position when forwards, before it when backwards', async () => {
  const events = await read({ fromPosition: first });
  for (const [index, event] of events.entries()) {
    const fromPosition = positionOf(event);
    expect(numbersOf(await read({ fromPosition }))).toEqual(numbersFrom(index, 9 - index));
    const before = await read({ fromPosition, direction: BACKWARDS, maxCount: 1_000 });
    expect(numbersOf(before)).toEqual(numbersFrom(0, index).reverse());
  }
});

it('gives no more than it is asked for', async () => {
  expect(await collect(server.client.readAll({ maxCount: 3 }))).toHaveLength(3);
  const [event, ...others] = await collect(server.client.readAll({ fromPosition: last, maxCount: 1 }));
  expect(event?.event).toMatchObject({ streamId: streams[2], data: { number: 8 } });
  expect(others).toEqual([]);
  const backwards = server.client.readAll({ fromPosition: last, direction: BACKWARDS, maxCount: 2 });
  expect(await collect(backwards)).toHaveLength(2);
});

it('finds nothing after the end and nothing before the beginning', async () => {
  expect(await collect(server.client.readAll({ fromPosition: END, maxCount: 10 }))).toEqual([]);
  expect(await collect(server.client.readAll({ fromPosition: START, direction: BACKWARDS }))).toEqual([]);
});

it('reads on where an earlier read stopped, page by page', async () => {
  const pages: number[] = [];
  let fromPosition = first;
  for (;;) {
    const page = await collect(server.client.readAll({ fromPosition, maxCount: 4 }));
    // A read begins with the event at its position: the next one begins with the last of this one.
    const rest = page.slice(0, -1).filter((event) => streams.includes(streamOf(event)));
    pages.push(...numbersOf(rest));
    const end = page.at(-1);
    if (!end || page.length === 1) break;
    fromPosition = positionOf(end);
  }
  expect(pages.slice(0, 8)).toEqual(numbersFrom(0, 8));
});
