import { once } from 'node:events';
import { BACKWARDS, END, StreamDeletedError, WrongExpectedVersionError, type Position } from '@eventstore/db-client';
import { collect, counted, failureOf, newStream, readAllOf, refusalOf } from '../testing/events.js';
import { connect, type TestedServer } from './testing/server.js';

let server: TestedServer;
beforeAll(async () => {
  server = await connect();
});
afterAll(() => server.end());

const streamOfTwo = async () => {
  const stream = newStream();
  await server.client.appendToStream(stream, counted(2));
  return stream;
};

const expectDeleted = async (stream: string, call: Promise<unknown>) => {
  const refusal = await refusalOf(call);
  expect(refusal).toBeInstanceOf(StreamDeletedError);
  expect(refusal).toMatchObject({ type: 'stream-deleted', streamName: stream });
};

it('closes a stream for ever, and its metadata', async () => {
  const { client } = server;
  const stream = await streamOfTwo();
  await client.setStreamMetadata(stream, { owner: 'x' });
  await client.tombstoneStream(stream, { expectedRevision: 1n });
  await expectDeleted(stream, client.appendToStream(stream, counted(1)));
  await expectDeleted(stream, collect(client.readStream(stream)));
  await expectDeleted(stream, collect(client.readStream(stream, { direction: BACKWARDS, fromRevision: END })));
  await expectDeleted(stream, client.deleteStream(stream));
  await expectDeleted(stream, client.tombstoneStream(stream));
  await expectDeleted(`$$${stream}`, client.getStreamMetadata(stream));
});

it('is the last event of the stream in $all, which keeps the others', async () => {
  const stream = newStream();
  const { position } = await server.client.appendToStream(stream, counted(1));
  const tombstone = await server.client.tombstoneStream(stream);
  const events = await readAllOf(server.client, [stream], { fromPosition: position as Position });
  expect(events.map(({ event }) => [event?.type, event?.revision])).toEqual([
    ['Counted', 0n],
    ['$streamDeleted', 9223372036854775807n],
  ]);
  expect(events.at(-1)?.event?.position).toEqual(tombstone.position);
});

it.each(['any', 'no_stream'] as const)('can be set on a stream that never was, expecting %s', async (expected) => {
  const stream = newStream();
  await server.client.tombstoneStream(stream, { expectedRevision: expected });
  await expectDeleted(stream, server.client.appendToStream(stream, counted(1)));
  await expectDeleted(stream, collect(server.client.readStream(stream)));
});

it('can be set on a soft-deleted stream', async () => {
  const stream = await streamOfTwo();
  await server.client.deleteStream(stream);
  await server.client.tombstoneStream(stream);
  await expectDeleted(stream, collect(server.client.readStream(stream)));
});

it.each([
  ['no_stream', -1n],
  [0n, 0n],
  [2n, 2n],
] as const)('is refused when it expects %s wrongly', async (expectedRevision, expectedVersion) => {
  const stream = await streamOfTwo();
  const refusal = await refusalOf(server.client.tombstoneStream(stream, { expectedRevision }));
  expect(refusal).toBeInstanceOf(WrongExpectedVersionError);
  expect(refusal).toMatchObject({ streamName: stream, expectedVersion, actualVersion: 1n });
  expect(await collect(server.client.readStream(stream))).toHaveLength(2);
});

it('ends the subscriptions of the stream', async () => {
  const stream = await streamOfTwo();
  const subscription = server.client.subscribeToStream(stream);
  subscription.resume();
  await once(subscription, 'caughtUp');
  const failure = failureOf(subscription);
  await server.client.tombstoneStream(stream);
  expect(await failure).toMatchObject({ type: 'stream-deleted', streamName: stream });
});

it('refuses new subscriptions of the stream', async () => {
  const stream = await streamOfTwo();
  await server.client.tombstoneStream(stream);
  const subscription = server.client.subscribeToStream(stream);
  subscription.resume();
  expect(await failureOf(subscription)).toMatchObject({ type: 'stream-deleted', streamName: stream });
});
