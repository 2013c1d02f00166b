import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { invalid, statusFor, streamDeleted, wrongExpectedVersion } from './errors.js';
import type { EventLog } from '../log/event-log.js';
import { isMetadataStream } from '../rules/truncation.js';
import { expectedRevisionOf, streamNameOf } from './wire.js';

/** Serves `Streams/Delete`, the soft delete. */
export const serveDelete =
  (log: EventLog) =>
  (call: ServerUnaryCall<streams.DeleteReq, streams.DeleteResp>, answer: sendUnaryData<streams.DeleteResp>) => {
    end(log, 'softDelete', call.request.getOptions()).then(
      (position) => {
        const message = new streams.DeleteResp.Position().setCommitPosition(position).setPreparePosition(position);
        answer(null, new streams.DeleteResp().setPosition(message));
      },
      (error: unknown) => answer(statusFor(error)),
    );
  };

/** Serves `Streams/Tombstone`, the delete for ever. */
export const serveTombstone =
  (log: EventLog) =>
  (
    call: ServerUnaryCall<streams.TombstoneReq, streams.TombstoneResp>,
    answer: sendUnaryData<streams.TombstoneResp>,
  ) => {
    end(log, 'tombstone', call.request.getOptions()).then(
      (position) => {
        const message = new streams.TombstoneResp.Position().setCommitPosition(position).setPreparePosition(position);
        answer(null, new streams.TombstoneResp().setPosition(message));
      },
      (error: unknown) => answer(statusFor(error)),
    );
  };

type Options = streams.DeleteReq.Options | streams.TombstoneReq.Options;

/** Gives the position of the event that ends the stream. */
const end = async (log: EventLog, how: 'softDelete' | 'tombstone', options: Options | undefined): Promise<string> => {
  if (!options) throw invalid('The options are missing');
  const stream = streamNameOf(options.getStreamIdentifier());
  if (isMetadataStream(stream)) throw invalid('A metadata stream cannot be deleted: it ends with its stream');
  const expected = expectedRevisionOf(options, options.hasRevision(), () => options.getRevision());
  const result = await log.write((writes) => writes[how](stream, expected));
  switch (result.type) {
    case 'written':
      return String(result.position);
    case 'wrong-version':
      throw wrongExpectedVersion(stream, expected, result.last);
    case 'deleted':
      throw streamDeleted(stream);
  }
};
