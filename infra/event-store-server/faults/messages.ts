import { randomUUID } from 'node:crypto';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import timestamp from 'google-protobuf/google/protobuf/timestamp_pb.js';

const { ReadReq, BatchAppendReq } = streams;

/** Where the calls of the protocol lie, those that are not offered among them. */
export const paths = [
  ...['Read', 'Append', 'Delete', 'Tombstone', 'BatchAppend'].map(
    (name) => `/event_store.client.streams.Streams/${name}`,
  ),
  '/event_store.client.server_features.ServerFeatures/GetSupportedMethods',
  '/event_store.client.gossip.Gossip/Read',
  '/event_store.client.persistent_subscriptions.PersistentSubscriptions/Create',
  '/event_store.client.persistent_subscriptions.PersistentSubscriptions/Read',
  '/event_store.client.users.Users/Create',
] as const;

export const [readPath, appendPath, , , batchAppendPath] = paths;

/** A subscription to all events from the first one on. */
export const subscriptionToAll = (): Uint8Array => {
  const all = new ReadReq.Options.AllOptions().setStart(new shared.Empty());
  const options = new ReadReq.Options()
    .setAll(all)
    .setNoFilter(new shared.Empty())
    .setSubscription(new ReadReq.Options.SubscriptionOptions())
    .setUuidOption(new ReadReq.Options.UUIDOption().setString(new shared.Empty()));
  return new ReadReq().setOptions(options).serializeBinary();
};

/** One message of an append; `deadline` is in milliseconds since 1970. */
export const batchAppend = (
  correlationId: string,
  { isFinal = true, deadline, bytes = 10 }: Readonly<{ isFinal?: boolean; deadline?: number; bytes?: number }> = {},
): Uint8Array => {
  const stream = new shared.StreamIdentifier().setStreamName(Buffer.from('fuzzed'));
  const options = new BatchAppendReq.Options().setStreamIdentifier(stream);
  if (deadline !== undefined) options.setDeadline(timestamp.Timestamp.fromDate(new Date(deadline)));
  const event = new BatchAppendReq.ProposedMessage()
    .setId(new shared.UUID().setString(randomUUID()))
    .setData(Buffer.alloc(bytes));
  event.getMetadataMap().set('type', 'Fuzzed').set('content-type', 'application/octet-stream');
  return new BatchAppendReq()
    .setCorrelationId(new shared.UUID().setString(correlationId))
    .setOptions(options)
    .setProposedMessagesList([event])
    .setIsFinal(isFinal)
    .serializeBinary();
};
