import { BACKWARDS, END, WrongExpectedVersionError, type Position } from '@eventstore/db-client';
import {
  collect,
  counted,
  newStream,
  numbersOf,
  readAllOf,
  refusalOf,
  take,
  untilCaughtUp,
} from '../testing/events.js';
import { connect, type TestedServer } from './testing/server.js';

let server: TestedServer;
beforeAll(async () => {
  server = await connect();
});
afterAll(() => server.end());

const streamOfTwo = async () => {
  const stream = newStream();
  const { position } = await server.client.appendToStream(stream, counted(2));
  return { stream, position: position as Position };
};

const read = async (stream: string) => numbersOf(await collect(server.client.readStream(stream)));

const notFound = { type: 'stream-not-found' };

it('makes the stream be not found, in either direction', async () => {
  const { stream } = await streamOfTwo();
  await server.client.deleteStream(stream, { expectedRevision: 1n });
  await expect(read(stream)).rejects.toMatchObject({ ...notFound, streamName: stream });
  const backwards = server.client.readStream(stream, { fromRevision: END, direction: BACKWARDS });
  await expect(collect(backwards)).rejects.toMatchObject(notFound);
});

it.each(['any', 'no_stream', 1n] as const)(
  'lets the stream begin anew with an append that expects %s, and numbers on',
  async (expectedRevision) => {
    const { stream } = await streamOfTwo();
    await server.client.deleteStream(stream);
    const again = await server.client.appendToStream(stream, counted(2, 2), { expectedRevision });
    expect(again.nextExpectedRevision).toBe(3n);
    const events = await collect(server.client.readStream(stream));
    expect(events.map(({ event }) => event?.revision)).toEqual([2n, 3n]);
    const backwards = server.client.readStream(stream, { fromRevision: END, direction: BACKWARDS });
    expect(numbersOf(await collect(backwards))).toEqual([3, 2]);
  },
);

it('replaces the metadata, which then says where the stream begins', async () => {
  const { stream } = await streamOfTwo();
  await server.client.setStreamMetadata(stream, { owner: 'x', maxCount: 1 });
  await server.client.deleteStream(stream);
  await server.client.appendToStream(stream, counted(2, 2));
  expect(await read(stream)).toEqual([2, 3]);
  expect((await server.client.getStreamMetadata(stream)).metadata).toEqual({ truncateBefore: 2 });
});

it('stays in force for the old events when metadata is set', async () => {
  const { stream } = await streamOfTwo();
  await server.client.deleteStream(stream);
  await server.client.setStreamMetadata(stream, { owner: 'x' });
  expect(await read(stream)).toEqual([]);
  expect((await server.client.getStreamMetadata(stream)).metadata).toEqual({ owner: 'x', truncateBefore: 2 });
  await server.client.appendToStream(stream, counted(1, 2));
  expect(await read(stream)).toEqual([2]);
});

it('can be done again, before and after new events', async () => {
  const { stream } = await streamOfTwo();
  await server.client.deleteStream(stream);
  await server.client.deleteStream(stream, { expectedRevision: 1n });
  await server.client.appendToStream(stream, counted(1, 2));
  await server.client.deleteStream(stream, { expectedRevision: 2n });
  await expect(read(stream)).rejects.toMatchObject(notFound);
});

it('is an event of $all, which keeps the events of the stream, too', async () => {
  const { stream, position } = await streamOfTwo();
  const deletion = await server.client.deleteStream(stream);
  const events = await readAllOf(server.client, [stream, `$$${stream}`], { fromPosition: position });
  expect(events.map(({ event }) => [event?.streamId, event?.type])).toEqual([
    [stream, 'Counted'],
    [`$$${stream}`, '$metadata'],
  ]);
  expect(events.at(-1)?.event?.position).toEqual(deletion.position);
});

it.each([
  ['no_stream', -1n],
  [0n, 0n],
  [2n, 2n],
] as const)('is refused when it expects %s wrongly', async (expectedRevision, expectedVersion) => {
  const { stream } = await streamOfTwo();
  const refusal = await refusalOf(server.client.deleteStream(stream, { expectedRevision }));
  expect(refusal).toBeInstanceOf(WrongExpectedVersionError);
  expect(refusal).toMatchObject({ streamName: stream, expectedVersion, actualVersion: 1n });
  expect(await read(stream)).toEqual([0, 1]);
});

it.each(['any', 'no_stream', 0n] as const)(
  'of a stream that never was is refused when it expects %s',
  async (expectedRevision) => {
    const stream = newStream();
    const refusal = await refusalOf(server.client.deleteStream(stream, { expectedRevision }));
    expect(refusal).toBeInstanceOf(WrongExpectedVersionError);
    expect(refusal).toMatchObject({ streamName: stream });
  },
);

it.each(['any', 'no_stream'] as const)(
  'of a stream with metadata only is accepted when it expects %s',
  async (expectedRevision) => {
    const stream = newStream();
    await server.client.setStreamMetadata(stream, { owner: 'x' });
    await server.client.deleteStream(stream, { expectedRevision });
    await expect(read(stream)).rejects.toMatchObject(notFound);
    const result = await server.client.appendToStream(stream, counted(1));
    expect(result.nextExpectedRevision).toBe(0n);
    expect(await read(stream)).toEqual([0]);
  },
);

it('leaves a subscription open, which goes on with new events', async () => {
  const { stream } = await streamOfTwo();
  const subscription = server.client.subscribeToStream(stream);
  expect(numbersOf(await untilCaughtUp(subscription))).toEqual([0, 1]);
  const next = take(subscription, 1);
  await server.client.deleteStream(stream);
  await server.client.appendToStream(stream, counted(1, 2));
  expect(numbersOf(await next)).toEqual([2]);
});

it('hides the old events from a new subscription', async () => {
  const { stream } = await streamOfTwo();
  await server.client.deleteStream(stream);
  const subscription = server.client.subscribeToStream(stream);
  expect(await untilCaughtUp(subscription)).toEqual([]);
  const next = take(subscription, 1);
  await server.client.appendToStream(stream, counted(1, 2));
  expect(numbersOf(await next)).toEqual([2]);
});
