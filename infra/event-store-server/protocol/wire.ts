import shared from '@eventstore/db-client/generated/shared_pb.js';
import { stringify } from 'uuid';
import type { ExpectedRevision } from '../rules/append-rules.js';
import { isTooLong, mostNameBytes } from '../rules/names.js';
import { invalid } from './errors.js';
import type { ProposedEvent } from '../log/recorded-event.js';

/** An event as both append calls carry it. */
type ProposedMessage = Readonly<{
  getId: () => shared.UUID | undefined;
  getMetadataMap: () => { get: (key: string) => string | undefined };
  getCustomMetadata_asU8: () => Uint8Array;
  getData_asU8: () => Uint8Array;
}>;

/** The options that append, delete and tombstone share. */
type RevisionOptions = Readonly<{
  hasAny: () => boolean;
  hasNoStream: () => boolean;
  hasStreamExists: () => boolean;
}>;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** @throws CallError when there is no name. */
export const streamNameOf = (identifier: shared.StreamIdentifier | undefined): string => {
  const name = Buffer.from(identifier?.getStreamName_asU8() ?? []).toString();
  refuseUnusableName(name);
  return name;
};

/** @throws CallError when it cannot be the name of a stream. */
export const refuseUnusableName = (name: string): void => {
  if (name === '') throw invalid('A stream name is missing');
  if (isTooLong(name)) throw invalid(`A stream name has at most ${mostNameBytes} bytes`);
};

/** @throws CallError when it cannot be the type of an event. */
export const refuseUnusableType = (type: string): void => {
  if (type === '') throw invalid('An event has no type');
  if (isTooLong(type)) throw invalid(`The type of an event has at most ${mostNameBytes} bytes`);
};

export const identifierOf = (stream: string): shared.StreamIdentifier =>
  new shared.StreamIdentifier().setStreamName(Buffer.from(stream));

/** @throws CallError when it is not a UUID. */
export const uuidOf = (message: shared.UUID | undefined): string => {
  const structured = message?.getStructured();
  const text = structured ? textOf(structured) : (message?.getString().toLowerCase() ?? '');
  if (!uuid.test(text)) throw invalid('An id is not a UUID');
  return text;
};

const textOf = (structured: shared.UUID.Structured) => {
  const bytes = Buffer.alloc(16);
  bytes.writeBigInt64BE(BigInt(structured.getMostSignificantBits()), 0);
  bytes.writeBigInt64BE(BigInt(structured.getLeastSignificantBits()), 8);
  return stringify(bytes);
};

/** `revision` reads the exact revision, which the calls name differently. @throws CallError when nothing is expected. */
export const expectedRevisionOf = (
  options: RevisionOptions,
  hasRevision: boolean,
  revision: () => string,
): ExpectedRevision => {
  if (options.hasAny()) return 'any';
  if (options.hasNoStream()) return 'no_stream';
  if (options.hasStreamExists()) return 'stream_exists';
  if (!hasRevision) throw invalid('The expected revision is missing');
  return integerOf(revision());
};

/** Numbers beyond those of JavaScript lie beyond every log, too. */
export const integerOf = (text: string): number => Math.min(Number(text), Number.MAX_SAFE_INTEGER);

/** @throws CallError when the id or the type is missing. */
export const proposedEventOf = (message: ProposedMessage): ProposedEvent => {
  const type = message.getMetadataMap().get('type') ?? '';
  refuseUnusableType(type);
  return {
    id: uuidOf(message.getId()),
    type,
    isJson: message.getMetadataMap().get('content-type') === 'application/json',
    metadata: message.getCustomMetadata_asU8(),
    data: message.getData_asU8(),
  };
};
