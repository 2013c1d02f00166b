import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { tombstoneRevision } from './append-rules.js';
import type { StoredEvent } from './log/reads.js';
import { identifierOf } from './wire.js';

const { ReadResp } = streams;

/** Writes an answer; waits when the caller does not keep up, so that nothing piles up for it. */
export type Send = (answer: Buffer) => Promise<void> | undefined;

/** Answers of `Read` as they go over the wire: an event is encoded once, however many subscriptions it goes to. */
export const eventAnswer = (event: StoredEvent): Buffer => {
  const known = encoded.get(event);
  if (known) return known;
  const answer = encode(new ReadResp().setEvent(eventMessage(event)));
  if (answer.length <= largestKept) encoded.set(event, answer);
  return answer;
};

const largestKept = 32 * 1024;
const encoded = new WeakMap<StoredEvent, Buffer>();

/** A link and, unless it is dead, the event that it points to. */
export const linkAnswer = (link: StoredEvent, target: StoredEvent | undefined): Buffer => {
  const message = new ReadResp.ReadEvent()
    .setLink(recordMessage(link))
    .setEvent(target && recordMessage(target))
    .setCommitPosition(String(link.position));
  return encode(new ReadResp().setEvent(message));
};

export const notFoundAnswer = (stream: string): Buffer =>
  encode(new ReadResp().setStreamNotFound(new ReadResp.StreamNotFound().setStreamIdentifier(identifierOf(stream))));

export const confirmationAnswer = (subscriptionId: string): Buffer =>
  encode(new ReadResp().setConfirmation(new ReadResp.SubscriptionConfirmation().setSubscriptionId(subscriptionId)));

/** Both positions are set: a client that keeps only one would resume wrongly. */
export const checkpointAnswer = (position: number): Buffer =>
  encode(
    new ReadResp().setCheckpoint(
      new ReadResp.Checkpoint().setCommitPosition(String(position)).setPreparePosition(String(position)),
    ),
  );

export const caughtUpAnswer = (): Buffer => encode(new ReadResp().setCaughtUp(new ReadResp.CaughtUp()));

export const fellBehindAnswer = (): Buffer => encode(new ReadResp().setFellBehind(new ReadResp.FellBehind()));

const eventMessage = (event: StoredEvent) =>
  new ReadResp.ReadEvent().setEvent(recordMessage(event)).setCommitPosition(String(event.position));

const recordMessage = ({ position, stream, revision, id, type, isJson, created, payload }: StoredEvent) => {
  const { metadata, data } = payload();
  const message = new ReadResp.ReadEvent.RecordedEvent()
    .setId(new shared.UUID().setString(id))
    .setStreamIdentifier(identifierOf(stream))
    .setStreamRevision(revision === tombstoneRevision ? '9223372036854775807' : String(revision))
    .setCommitPosition(String(position))
    .setPreparePosition(String(position))
    .setCustomMetadata(metadata)
    .setData(data);
  message
    .getMetadataMap()
    .set('type', type)
    .set('content-type', isJson ? 'application/json' : 'application/octet-stream')
    .set('created', ticks(created));
  return message;
};

/** 100 nanoseconds each since 1970: more than a JavaScript number holds exactly. */
const ticks = (milliseconds: number) => `${milliseconds}0000`;

const encode = (message: streams.ReadResp) => Buffer.from(message.serializeBinary());
