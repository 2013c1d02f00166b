import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { ExpectedRevision } from '../rules/append-rules.js';
import type { ProposedEvent } from '../log/recorded-event.js';
import { bytesOf, integerOf, readMessage, textOf, type FieldValue } from './protobuf-reader.js';
import { refuseUnusableType, uuidOf } from './wire.js';

/** One message of `BatchAppend`. Its parts are still encoded: one that is wrong is the fault of its append alone. */
export type BatchMessage = Readonly<{
  correlationId: Buffer;
  options: Buffer | undefined;
  events: readonly Buffer[];
  isFinal: boolean;
}>;

/** Where an append goes and what it expects. `deadline` is in milliseconds since 1970. */
export type BatchOptions = Readonly<{
  identifier: Buffer;
  stream: string;
  expected: ExpectedRevision | undefined;
  deadline: number;
}>;

/** The fields of `BatchAppendReq` and its parts, in streams.proto and shared.proto. */
const fields = {
  request: { correlationId: 1, options: 2, event: 3, isFinal: 4 },
  options: { identifier: 1, revision: 2, noStream: 3, any: 4, streamExists: 5, deadline: 6 },
  event: { id: 1, metadata: 2, customMetadata: 3, data: 4 },
  uuid: { string: 2 },
  identifier: { name: 3 },
  mapEntry: { key: 1, value: 2 },
  timestamp: { seconds: 1, nanoseconds: 2 },
} as const;

/** Read by hand, as events are written: the generated code takes several times as long. @throws MalformedMessage */
export const readBatchMessage = (bytes: Buffer): BatchMessage => {
  let correlationId = nothing;
  let options: Buffer | undefined;
  const events: Buffer[] = [];
  let isFinal = false;
  readMessage(bytes, (field, value) => {
    if (field === fields.request.event) events.push(bytesOf(value));
    else if (field === fields.request.correlationId) correlationId = bytesOf(value);
    else if (field === fields.request.options) options = bytesOf(value);
    else if (field === fields.request.isFinal) isFinal = value !== 0;
  });
  return { correlationId, options, events, isFinal };
};

/** @throws MalformedMessage */
export const readBatchOptions = (bytes: Buffer): BatchOptions => {
  let identifier = nothing;
  let expected: ExpectedRevision | undefined;
  let deadline = Infinity;
  readMessage(bytes, (field, value) => {
    if (field === fields.options.identifier) identifier = bytesOf(value);
    else if (field === fields.options.revision) expected = Math.min(integerOf(value), Number.MAX_SAFE_INTEGER);
    else if (field === fields.options.noStream) expected = 'no_stream';
    else if (field === fields.options.any) expected = 'any';
    else if (field === fields.options.streamExists) expected = 'stream_exists';
    else if (field === fields.options.deadline) deadline = readTimestamp(bytesOf(value));
  });
  return { identifier, stream: readStreamName(identifier), expected, deadline };
};

/** The id in lower case. @throws MalformedMessage @throws CallError when it is not a UUID. */
export const readId = (bytes: Buffer): string => {
  let text: string | undefined;
  readMessage(bytes, (field, value) => {
    if (field === fields.uuid.string) text = textOf(value);
  });
  // Those that are two numbers are rare.
  return uuidOf(text === undefined ? shared.UUID.deserializeBinary(bytes) : new shared.UUID().setString(text));
};

/** @throws MalformedMessage @throws CallError when the id or the type is missing. */
export const readProposedEvent = (bytes: Buffer): ProposedEvent => {
  let [id, metadata, data] = [nothing, nothing, nothing];
  let [type, contentType] = ['', ''];
  readMessage(bytes, (field, value) => {
    if (field === fields.event.data) data = bytesOf(value);
    else if (field === fields.event.customMetadata) metadata = bytesOf(value);
    else if (field === fields.event.id) id = bytesOf(value);
    else if (field === fields.event.metadata) {
      const [name, text] = readMapEntry(bytesOf(value));
      if (name === 'type') type = text;
      else if (name === 'content-type') contentType = text;
    }
  });
  refuseUnusableType(type);
  return { id: readId(id), type, isJson: contentType === 'application/json', metadata, data };
};

const readStreamName = (identifier: Buffer) => {
  let name = '';
  readMessage(identifier, (field, value) => {
    if (field === fields.identifier.name) name = textOf(value);
  });
  return name;
};

const readMapEntry = (bytes: Buffer): readonly [string, string] => {
  let [name, text] = ['', ''];
  readMessage(bytes, (field, value) => {
    if (field === fields.mapEntry.key) name = textOf(value);
    else if (field === fields.mapEntry.value) text = textOf(value);
  });
  return [name, text];
};

const readTimestamp = (bytes: Buffer) => {
  let milliseconds = 0;
  readMessage(bytes, (field, value: FieldValue) => {
    if (field === fields.timestamp.seconds) milliseconds += signed(integerOf(value)) * 1000;
    else if (field === fields.timestamp.nanoseconds) milliseconds += integerOf(value) / 1e6;
  });
  return milliseconds;
};

/** Those that are negative come as 2^64 more than they are. */
const signed = (value: number) => (value >= 2 ** 63 ? value - 2 ** 64 : value);

const nothing: Buffer = Buffer.alloc(0);
