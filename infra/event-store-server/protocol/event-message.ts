import { tombstoneRevision } from '../rules/append-rules.js';
import type { StoredEvent } from '../log/reads.js';
import { mostOverhead, putAscii, putBytes, putInteger, putLength } from './protobuf-writer.js';

/** The fields of streams.proto and shared.proto that carry an event. */
const fields = {
  readResp: { event: 1 },
  readEvent: { event: 1, link: 2, commitPosition: 3 },
  recorded: { id: 1, stream: 2, revision: 3, prepare: 4, commit: 5, metadata: 6, customMetadata: 7, data: 8 },
  uuid: { string: 2 },
  streamIdentifier: { name: 3 },
  mapEntry: { key: 1, value: 2 },
} as const;

/** `ReadResp` with an event, with a link and the event that it points to, or with a link that points to nothing. */
export const eventMessage = (event: StoredEvent | undefined, link?: StoredEvent): Buffer => {
  const [eventBytes, linkBytes] = [event && recordedMessage(event), link && recordedMessage(link)];
  const readEvent = Buffer.allocUnsafe((eventBytes?.length ?? 0) + (linkBytes?.length ?? 0) + 4 * mostOverhead);
  let end = mostOverhead;
  if (eventBytes) end = putBytes(readEvent, end, fields.readEvent.event, eventBytes);
  if (linkBytes) end = putBytes(readEvent, end, fields.readEvent.link, linkBytes);
  end = putInteger(readEvent, end, fields.readEvent.commitPosition, (link ?? event)?.position ?? 0);
  const length = end - mostOverhead;
  // The length of the message is known last and stands first.
  const prefixLength = putLength(prefix, 0, fields.readResp.event, length);
  readEvent.set(prefix.subarray(0, prefixLength), mostOverhead - prefixLength);
  return readEvent.subarray(mostOverhead - prefixLength, end);
};

const prefix = Buffer.alloc(mostOverhead);

const recordedMessage = ({ position, stream, revision, id, type, isJson, created, payload }: StoredEvent) => {
  const { metadata, data } = payload();
  const [streamIdentifier, typeEntry] = [streamIdentifiers(stream), typeEntries(type)];
  const { length } = metadata;
  const buffer = Buffer.allocUnsafe(length + data.length + streamIdentifier.length + typeEntry.length + mostOthers);
  let end = putLength(buffer, 0, fields.recorded.id, uuidFieldLength);
  end = putAscii(buffer, end, fields.uuid.string, id);
  end = putBytes(buffer, end, fields.recorded.stream, streamIdentifier);
  if (revision === tombstoneRevision) end += lastRevision.copy(buffer, end);
  else end = putInteger(buffer, end, fields.recorded.revision, revision);
  end = putInteger(buffer, end, fields.recorded.prepare, position);
  end = putInteger(buffer, end, fields.recorded.commit, position);
  end = putBytes(buffer, end, fields.recorded.metadata, typeEntry);
  end = putBytes(buffer, end, fields.recorded.metadata, isJson ? jsonEntry : binaryEntry);
  end = putBytes(buffer, end, fields.recorded.metadata, mapEntry('created', ticks(created)));
  end = putBytes(buffer, end, fields.recorded.customMetadata, metadata);
  end = putBytes(buffer, end, fields.recorded.data, data);
  return buffer.subarray(0, end);
};

/** A tag, a length, and the 36 characters of a UUID. */
const uuidFieldLength = 38;
/** Everything of a recorded event but its payload and its names. */
const mostOthers = 256;

/** The revision of a tombstone as EventStoreDB has it, 2^63 − 1, with its tag. */
const lastRevision = Buffer.from([fields.recorded.revision * 8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]);

const mapEntry = (key: string, value: string) => {
  const [keyBytes, valueBytes] = [Buffer.from(key), Buffer.from(value)];
  const buffer = Buffer.allocUnsafe(keyBytes.length + valueBytes.length + 2 * mostOverhead);
  const end = putBytes(buffer, 0, fields.mapEntry.key, keyBytes);
  return buffer.subarray(0, putBytes(buffer, end, fields.mapEntry.value, valueBytes));
};

const jsonEntry = mapEntry('content-type', 'application/json');
const binaryEntry = mapEntry('content-type', 'application/octet-stream');

/** 100 nanoseconds each since 1970: more than a JavaScript number holds exactly. */
const ticks = (milliseconds: number) => `${milliseconds}0000`;

/** Remembers the messages of the names that are in use. */
const remembered = (messageOf: (name: string) => Buffer) => {
  const messages = new Map<string, Buffer>();
  return (name: string): Buffer => {
    const known = messages.get(name);
    if (known) return known;
    if (messages.size >= mostRemembered) messages.clear();
    const message = messageOf(name);
    messages.set(name, message);
    return message;
  };
};

const mostRemembered = 1_000;

const streamIdentifiers = remembered((stream) => {
  const name = Buffer.from(stream);
  const buffer = Buffer.allocUnsafe(name.length + mostOverhead);
  return buffer.subarray(0, putBytes(buffer, 0, fields.streamIdentifier.name, name));
});

const typeEntries = remembered((type) => mapEntry('type', type));
