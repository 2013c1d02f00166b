import { randomUUID } from 'node:crypto';
import { END, eventTypeFilter, jsonEvent, streamNameFilter, type Filter, type Position } from '@eventstore/db-client';
import { counted, linkTo, newStream, streamOf, take, untilCaughtUp } from '../testing/events.js';
import { connect, type TestedServer } from './testing/server.js';

let server: TestedServer;
let before: Position;
beforeAll(async () => {
  server = await connect();
  before = (await server.client.appendToStream(newStream(), counted(1))).position as Position;
  await write(behind);
});
afterAll(() => server.end());

/** `passes` is a stream and a type that the filter lets through, too. */
type Case = Readonly<{ what: string; filter: Filter; expected: readonly string[]; passes: readonly [string, string] }>;

/** Five events whose streams and types no other run has, and the streams of those that each filter lets through. */
const newScene = () => {
  const run = randomUUID().replaceAll('-', '');
  const [a1, b1, c1, c2] = [`a${run}-1`, `b${run}-1`, `c${run}-1`, `c${run}-2`] as const;
  const special = `Special${run}`;
  const onStreams = (what: string, filter: Filter, expected: readonly string[], stream: string): Case => ({
    what: `streams by ${what}`,
    filter,
    expected,
    passes: [stream, 'T'],
  });
  const onTypes = (what: string, filter: Filter, expected: readonly string[], type: string): Case => ({
    what: `types by ${what}`,
    filter,
    expected,
    passes: [newStream(), type],
  });
  const cases = [
    onStreams('a prefix', streamNameFilter({ prefixes: [`c${run}`] }), [c2, c1], `c${run}-3`),
    onStreams('prefixes', streamNameFilter({ prefixes: [`a${run}-`, `b${run}-`] }), [a1, b1, b1], `b${run}-3`),
    onStreams('an expression', streamNameFilter({ regex: `${run}-1$` }), [a1, b1, c1, b1], `d${run}-1`),
    onStreams('alternatives', streamNameFilter({ regex: `^[ac]${run}-(1|3)` }), [a1, c1], `a${run}-3`),
    onStreams('what none has', streamNameFilter({ prefixes: [`d${run}`] }), [], `d${run}`),
    onTypes('a prefix', eventTypeFilter({ prefixes: [special] }), [c1], `${special}3`),
    onTypes('prefixes', eventTypeFilter({ prefixes: [special, `Very${special}`] }), [c1, b1], `${special}3`),
    onTypes('an expression', eventTypeFilter({ regex: `${special}$` }), [b1], `3${special}`),
    onTypes('a part', eventTypeFilter({ regex: special }), [c1, b1], `3${special}3`),
  ];
  return { streams: [a1, b1, c1, c2] as const, special, cases };
};

const write = async ({ streams: [a1, b1, c1, c2], special }: ReturnType<typeof newScene>) => {
  for (const stream of [a1, b1, c2]) await server.client.appendToStream(stream, counted(1));
  await server.client.appendToStream(c1, jsonEvent({ type: `${special}Thing`, data: {} }));
  await server.client.appendToStream(b1, jsonEvent({ type: `Very${special}`, data: {} }));
};

const [behind, live] = [newScene(), newScene()];

it.each(behind.cases)('lets through what was there, $what', async ({ filter, expected }) => {
  const events = await untilCaughtUp(server.client.subscribeToAll({ fromPosition: before, filter }));
  expect(events.map(streamOf)).toEqual(expected);
});

it.each(live.cases)('lets through what comes, $what', async ({ filter, expected, passes: [stream, type] }) => {
  const subscription = server.client.subscribeToAll({ fromPosition: END, filter });
  await untilCaughtUp(subscription);
  const events = take(subscription, expected.length + 1);
  await write(live);
  await server.client.appendToStream(stream, jsonEvent({ type, data: {} }));
  expect((await events).map(streamOf)).toEqual([...expected, stream]);
});

it('looks at a link, not at the event that it points to', async () => {
  const [a1, , c1] = behind.streams;
  const links = newStream('links');
  await server.client.appendToStream(links, [linkTo(`0@${c1}`), linkTo(`0@${a1}`)]);
  const subscribed = (filter: Filter) =>
    untilCaughtUp(server.client.subscribeToAll({ fromPosition: before, resolveLinkTos: true, filter }));
  const byStream = await subscribed(streamNameFilter({ prefixes: [links] }));
  expect(byStream).toMatchObject([{ event: { streamId: c1 } }, { event: { streamId: a1 } }]);
  const byType = await subscribed(eventTypeFilter({ prefixes: [`${behind.special}Thing`] }));
  expect(byType.map(streamOf)).toEqual([c1]);
});
