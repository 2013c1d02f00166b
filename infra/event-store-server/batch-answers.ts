import code from '@eventstore/db-client/generated/code_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import rpc from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import type { ExpectedRevision } from './append-rules.js';
import { CallError, maxAppendSize } from './errors.js';
import type { WriteResult } from './log/writes.js';

const { BatchAppendResp } = streams;
const { Code } = code;

/** How one append of a batch stream ended: what the log said, or what went wrong before it was asked. */
export type BatchOutcome =
  WriteResult | Readonly<{ type: 'too-large' | 'timeout' }> | Readonly<{ type: 'failed'; error: unknown }>;

/** The answer to one append of a batch stream, except for the correlation id. */
export const batchAnswer = (expected: ExpectedRevision, outcome: BatchOutcome): streams.BatchAppendResp => {
  if (outcome.type === 'written') return new BatchAppendResp().setSuccess(success(outcome));
  return new BatchAppendResp().setError(errorStatus(expected, outcome));
};

const success = ({ last, position }: Extract<WriteResult, { type: 'written' }>) => {
  const message = new BatchAppendResp.Success();
  if (last < 0) message.setNoStream(new empty.Empty());
  else message.setCurrentRevision(String(last));
  if (position === undefined) return message.setNoPosition(new empty.Empty());
  const [commit, prepare] = [String(position), String(position)];
  return message.setPosition(new shared.AllStreamPosition().setCommitPosition(commit).setPreparePosition(prepare));
};

type Failure = Exclude<BatchOutcome, { type: 'written' }>;

const errorStatus = (expected: ExpectedRevision, outcome: Failure): rpc.Status => {
  switch (outcome.type) {
    case 'wrong-version':
      return errorOf(
        Code.ALREADY_EXISTS,
        'The stream is not at the expected revision',
        'WrongExpectedVersion',
        wrongVersion(expected, outcome.last),
      );
    case 'deleted':
      return errorOf(Code.NOT_FOUND, 'The stream is deleted', 'StreamDeleted', new shared.StreamDeleted());
    case 'timeout':
      return errorOf(Code.DEADLINE_EXCEEDED, 'The deadline has passed', 'Timeout', new shared.Timeout());
    case 'too-large':
      return errorOf(
        Code.INVALID_ARGUMENT,
        `An append holds at most ${maxAppendSize} bytes`,
        'MaximumAppendSizeExceeded',
        new shared.MaximumAppendSizeExceeded().setMaxappendsize(maxAppendSize),
      );
    case 'failed':
      return outcome.error instanceof CallError
        ? errorOf(
            Code.INVALID_ARGUMENT,
            outcome.error.details,
            'BadRequest',
            new shared.BadRequest().setMessage(outcome.error.details),
          )
        : errorOf(Code.UNKNOWN, 'The events could not be written', 'Unknown', new shared.Unknown());
  }
};

const wrongVersion = (expected: ExpectedRevision, last: number) => {
  const message = new shared.WrongExpectedVersion();
  if (last < 0) message.setCurrentNoStream(new empty.Empty());
  else message.setCurrentStreamRevision(String(last));
  switch (expected) {
    case 'any':
      return message.setExpectedAny(new empty.Empty());
    case 'no_stream':
      return message.setExpectedNoStream(new empty.Empty());
    case 'stream_exists':
      return message.setExpectedStreamExists(new empty.Empty());
    default:
      return message.setExpectedStreamPosition(String(expected));
  }
};

const errorOf = (
  errorCode: code.Code,
  message: string,
  name: string,
  detail: { serializeBinary: () => Uint8Array },
) => {
  const details = new any.Any();
  details.pack(detail.serializeBinary(), `event_store.client.${name}`);
  return new rpc.Status().setCode(errorCode).setMessage(message).setDetails(details);
};
