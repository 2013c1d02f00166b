import type { sendUnaryData, ServerReadableStream } from '@grpc/grpc-js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { countAppend, type Activity } from '../activity.js';
import type { ExpectedRevision } from '../rules/append-rules.js';
import { appendTooLarge, invalid, maxAppendSize, statusFor, streamDeleted } from './errors.js';
import type { EventLog } from '../log/event-log.js';
import { sizeOf, type ProposedEvent } from '../log/recorded-event.js';
import type { WriteResult } from '../log/writes.js';
import { expectedRevisionOf, proposedEventOf, streamNameOf } from './wire.js';

const { AppendResp } = streams;

type AppendCall = ServerReadableStream<streams.AppendReq, streams.AppendResp>;
type Answer = sendUnaryData<streams.AppendResp>;

/** Serves `Streams/Append`: options first, then events, one answer. A wrong version is an answer, not a status. */
export const serveAppend = (log: EventLog, activity: Activity) => (call: AppendCall, answer: Answer) => {
  let options: streams.AppendReq.Options | undefined;
  let events: ProposedEvent[] = [];
  let size = 0;
  let failure: Error | undefined;

  call.on('data', (request: streams.AppendReq) => {
    options ??= request.getOptions();
    const message = request.getProposedMessage();
    if (!message || failure !== undefined) return;
    try {
      const event = proposedEventOf(message);
      size += sizeOf(event);
      if (size > maxAppendSize) throw appendTooLarge();
      events.push(event);
    } catch (error) {
      // The caller is heard to its end: it could not read an answer that comes earlier.
      failure = statusFor(error);
      events = [];
    }
  });
  call.on('end', () => {
    const outcome = failure === undefined ? append(log, options, events) : Promise.reject(failure);
    outcome.then(
      (response) => {
        countAppend(activity, response.hasSuccess(), events.length);
        answer(null, response);
      },
      (error: unknown) => {
        countAppend(activity, false, 0);
        answer(statusFor(error));
      },
    );
  });
};

const append = async (
  log: EventLog,
  options: streams.AppendReq.Options | undefined,
  events: readonly ProposedEvent[],
): Promise<streams.AppendResp> => {
  if (!options) throw invalid('The options are missing');
  const stream = streamNameOf(options.getStreamIdentifier());
  const expected = expectedRevisionOf(options, options.hasRevision(), () => options.getRevision());
  const result = await log.write((writes) => writes.append(stream, expected, events));
  switch (result.type) {
    case 'written':
      return new AppendResp().setSuccess(success(result));
    case 'wrong-version':
      return new AppendResp().setWrongExpectedVersion(wrongVersion(expected, result.last));
    case 'deleted':
      throw streamDeleted(stream);
  }
};

const success = ({ last, position }: Extract<WriteResult, { type: 'written' }>) => {
  const message = new AppendResp.Success();
  if (last < 0) message.setNoStream(new shared.Empty());
  else message.setCurrentRevision(String(last));
  if (position === undefined) return message.setNoPosition(new shared.Empty());
  const [commit, prepare] = [String(position), String(position)];
  return message.setPosition(new AppendResp.Position().setCommitPosition(commit).setPreparePosition(prepare));
};

const wrongVersion = (expected: ExpectedRevision, last: number) => {
  const message = new AppendResp.WrongExpectedVersion();
  if (last < 0) message.setCurrentNoStream(new shared.Empty());
  else message.setCurrentRevision(String(last));
  switch (expected) {
    case 'any':
      return message.setExpectedAny(new shared.Empty());
    case 'no_stream':
      return message.setExpectedNoStream(new shared.Empty());
    case 'stream_exists':
      return message.setExpectedStreamExists(new shared.Empty());
    default:
      return message.setExpectedRevision(String(expected));
  }
};
