import streams from '@eventstore/db-client/generated/streams_pb.js';
import { eventMessage } from './event-message.js';
import { RemovedEvent, type StoredEvent } from '../log/reads.js';
import { identifierOf } from './wire.js';

const { ReadResp } = streams;

/** Writes an answer; waits when the caller does not keep up, so that nothing piles up for it. */
export type Send = (answer: Buffer) => Promise<void> | undefined;

/** Encodes an event; gives nothing when a scavenge has removed it since its page was read. */
export const unlessRemoved =
  (encode: (event: StoredEvent) => Buffer) =>
  (event: StoredEvent): Buffer | undefined => {
    try {
      return encode(event);
    } catch (error) {
      if (error instanceof RemovedEvent) return undefined;
      throw error;
    }
  };

/** As `eventMessage`, for events that many subscriptions are about to send: each is encoded once. */
export const sharedEventAnswer = (event: StoredEvent): Buffer => {
  const known = encoded.get(event);
  if (known) return known;
  const answer = eventMessage(event);
  if (answer.length <= largestKept) encoded.set(event, answer);
  return answer;
};

const largestKept = 32 * 1024;
const encoded = new WeakMap<StoredEvent, Buffer>();

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

const encode = (message: streams.ReadResp) => Buffer.from(message.serializeBinary());
