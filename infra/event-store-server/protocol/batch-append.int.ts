import { randomUUID } from 'node:crypto';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import service from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { credentials, type ClientDuplexStream } from '@grpc/grpc-js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import timestamp from 'google-protobuf/google/protobuf/timestamp_pb.js';
import { collect } from '../testing/events.js';
import { startStore, type TestStore } from '../testing/store.js';

let store: TestStore;
let client: service.StreamsClient;
let call: ClientDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>;
let answers: AsyncIterator<streams.BatchAppendResp>;
beforeEach(async () => {
  store = await startStore();
  client = new service.StreamsClient(`127.0.0.1:${store.server.port}`, credentials.createInsecure());
  call = client.batchAppend();
  answers = call[Symbol.asyncIterator]();
});
afterEach(async () => {
  call.on('error', () => undefined).cancel();
  client.close();
  await store.end();
});

const message = (id: string, isFinal: boolean, events = 1) => {
  const request = new streams.BatchAppendReq().setCorrelationId(new shared.UUID().setString(id)).setIsFinal(isFinal);
  for (let left = events; left > 0; left -= 1) request.addProposedMessages(proposed());
  return request;
};

const proposed = () => {
  const event = new streams.BatchAppendReq.ProposedMessage().setId(new shared.UUID().setString(randomUUID()));
  event.getMetadataMap().set('type', 'T').set('content-type', 'application/octet-stream');
  return event;
};

const options = (stream: string, deadline = Date.now() + 60_000) => {
  const message = new streams.BatchAppendReq.Options();
  message.setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from(stream)));
  message.setNoStream(new empty.Empty());
  return message.setDeadline(timestamp.Timestamp.fromDate(new Date(deadline)));
};

const answer = async () => {
  const { value } = (await answers.next()) as { value: streams.BatchAppendResp };
  const error = value.getError()?.getDetails()?.getTypeName();
  return [value.getCorrelationId()?.getString(), error ?? value.getSuccess()?.getCurrentRevision()];
};

it('collects an append from several messages, among those of others', async () => {
  const [a, b] = [randomUUID(), randomUUID()];
  call.write(message(a, false, 0).setOptions(options('a')));
  call.write(message(b, true, 2).setOptions(options('b')));
  call.write(message(a, false, 2));
  call.write(message(a, true, 1));
  expect(await answer()).toEqual([b, '1']);
  expect(await answer()).toEqual([a, '2']);
});

it('answers an append whose end does not come when its deadline passes, once, and writes nothing', async () => {
  const [late, next] = [randomUUID(), randomUUID()];
  call.write(message(late, false).setOptions(options('late', Date.now() + 50)));
  expect(await answer()).toEqual([late, 'event_store.client.Timeout']);
  call.write(message(late, true));
  call.write(message(next, true).setOptions(options('next')));
  expect(await answer()).toEqual([next, '0']);
  await expect(collect(store.client.readStream('late'))).rejects.toMatchObject({ type: 'stream-not-found' });
});

it('answers an append that comes after its deadline and writes nothing', async () => {
  const id = randomUUID();
  call.write(message(id, true).setOptions(options('late', Date.now() - 1)));
  expect(await answer()).toEqual([id, 'event_store.client.Timeout']);
  await expect(collect(store.client.readStream('late'))).rejects.toMatchObject({ type: 'stream-not-found' });
});

it('answers everything before it ends the stream', async () => {
  const ids = Array.from({ length: 100 }, () => randomUUID());
  for (const id of ids) call.write(message(id, true).setOptions(options(id)));
  call.end();
  const answered: unknown[] = [];
  while (answered.length < ids.length) answered.push(await answer());
  expect(answered).toEqual(ids.map((id) => [id, '0']));
  expect((await answers.next()).done).toBe(true);
});

it('tells writers that the store is stopping', async () => {
  const id = randomUUID();
  call.write(message(id, true).setOptions(options('a')));
  expect(await answer()).toEqual([id, '0']);
  const rest = answers.next();
  await Promise.all([expect(rest).rejects.toMatchObject({ code: 14 }), store.server.stop()]);
});
