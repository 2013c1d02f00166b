import { Metadata, status, type ServerErrorResponse } from '@grpc/grpc-js';
import { ExpressionTooSlow } from '../rules/filter.js';
import { DamagedEvent } from '../log/checksum.js';
import { UnsyncedLog } from '../log/group-commit.js';
import { MalformedMessage } from './protobuf-reader.js';
import { UnusableDatabase } from '../log/unusable-database.js';
import type { ExpectedRevision } from '../rules/append-rules.js';

/** The most that one append may hold, in bytes. */
export const maxAppendSize = 1024 * 1024;

/**
 * A call ends with a gRPC status. The client makes its error from the trailer `exception` and the trailers that
 * belong to it; one that is missing would be an uncaught TypeError there.
 */
export class CallError extends Error implements ServerErrorResponse {
  override readonly name = 'CallError';
  readonly metadata = new Metadata();
  constructor(
    readonly code: status,
    readonly details: string,
    trailers: Readonly<Record<string, string>> = {},
  ) {
    super(details);
    for (const [name, value] of Object.entries(trailers)) this.metadata.set(name, printable(value));
  }
}

export const streamDeleted = (stream: string) =>
  new CallError(status.FAILED_PRECONDITION, `Stream ${stream} is deleted`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  });

export const wrongExpectedVersion = (stream: string, expected: ExpectedRevision, last: number) =>
  new CallError(status.FAILED_PRECONDITION, `Stream ${stream} is not at the expected revision`, {
    exception: 'wrong-expected-version',
    'stream-name': stream,
    'expected-version': String(expectedNumbers[String(expected)] ?? expected),
    'actual-version': String(last),
  });

export const appendTooLarge = () =>
  new CallError(status.INVALID_ARGUMENT, `An append holds at most ${maxAppendSize} bytes`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(maxAppendSize),
  });

export const invalid = (details: string) => new CallError(status.INVALID_ARGUMENT, details);

export const unimplemented = (details: string) => new CallError(status.UNIMPLEMENTED, details);

export const stopping = () => new CallError(status.UNAVAILABLE, 'The event store is stopping');

/** The status for whatever was thrown while a call was served. */
export const statusFor = (error: unknown): CallError => {
  if (error instanceof CallError) return error;
  const { name, message = 'The event store failed', code = '' } = error as Partial<Error> & { code?: string };
  if (name === 'AbortError') return stopping();
  if (error instanceof ExpressionTooSlow || error instanceof MalformedMessage) return invalid(message);
  if (code === 'SQLITE_FULL') return new CallError(status.RESOURCE_EXHAUSTED, diskFull);
  if (code.startsWith('SQLITE_CORRUPT')) return new CallError(status.DATA_LOSS, damaged);
  if (error instanceof DamagedEvent || error instanceof UnusableDatabase)
    return new CallError(status.DATA_LOSS, message);
  if (error instanceof UnsyncedLog) return new CallError(status.INTERNAL, `${message}. ${unsynced}`);
  return new CallError(status.INTERNAL, message);
};

const diskFull = 'The disk is full: nothing was written. The event store goes on when there is room';
const damaged = 'The database file of the event store is damaged: restore it from a backup';
const unsynced = 'Nothing more is written until the event store is started anew';

const expectedNumbers: Readonly<Record<string, number>> = { no_stream: -1, any: -2, stream_exists: -4 };

/** gRPC refuses other characters in a trailer, and cuts spaces off its ends. */
const printable = (value: string) => value.replace(/[^\x20-\x7e]+|^ +| +$/gu, (text) => encodeURIComponent(text));
