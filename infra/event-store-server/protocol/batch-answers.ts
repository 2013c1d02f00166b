import code from '@eventstore/db-client/generated/code_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import rpc from '@eventstore/db-client/generated/status_pb.js';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import type { ExpectedRevision } from '../rules/append-rules.js';
import { maxAppendSize, statusFor } from './errors.js';
import type { WriteResult } from '../log/writes.js';
import { mostOverhead, putBytes, putInteger, putLength } from './protobuf-writer.js';

const { Code } = code;

/** How one append of a batch stream ended: what the log said, or what went wrong before it was asked. */
export type BatchOutcome =
  WriteResult | Readonly<{ type: 'too-large' | 'timeout' }> | Readonly<{ type: 'failed'; error: unknown }>;

/** What an append's answer says of it: the id and the stream as they came, encoded. */
type Answered = Readonly<{ correlationId: Buffer; identifier: Buffer; expected: ExpectedRevision }>;

/** The fields of `BatchAppendResp` in streams.proto. */
const fields = {
  response: { correlationId: 1, error: 2, success: 3, identifier: 4 },
  success: { revision: 1, noStream: 2, position: 3, noPosition: 4 },
  position: { commit: 1, prepare: 2 },
} as const;

/** The answer to one append of a batch stream. */
export const batchAnswer = ({ correlationId, identifier, expected }: Answered, outcome: BatchOutcome): Buffer => {
  const isWritten = outcome.type === 'written';
  const result = isWritten ? successMessage(outcome) : Buffer.from(errorStatus(expected, outcome).serializeBinary());
  const { length } = correlationId;
  const answer = Buffer.allocUnsafe(length + identifier.length + result.length + 3 * mostOverhead);
  let end = putBytes(answer, 0, fields.response.correlationId, correlationId);
  end = putBytes(answer, end, isWritten ? fields.response.success : fields.response.error, result);
  end = putBytes(answer, end, fields.response.identifier, identifier);
  return answer.subarray(0, end);
};

const successMessage = ({ last, position }: Extract<WriteResult, { type: 'written' }>) => {
  const message = Buffer.allocUnsafe(4 * mostOverhead);
  let end =
    last < 0
      ? putLength(message, 0, fields.success.noStream, 0)
      : putInteger(message, 0, fields.success.revision, last);
  if (position === undefined) end = putLength(message, end, fields.success.noPosition, 0);
  else end = putBytes(message, end, fields.success.position, positionMessage(position));
  return message.subarray(0, end);
};

const positionMessage = (position: number) => {
  const message = Buffer.allocUnsafe(2 * mostOverhead);
  const end = putInteger(message, 0, fields.position.commit, position);
  return message.subarray(0, putInteger(message, end, fields.position.prepare, position));
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
    case 'failed': {
      // Of all the details that carry a text, this is the one whose text the client shows.
      const { details } = statusFor(outcome.error);
      return errorOf(Code.UNKNOWN, details, 'BadRequest', new shared.BadRequest().setMessage(details));
    }
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
