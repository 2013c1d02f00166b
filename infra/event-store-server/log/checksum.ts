import { crc32 } from 'node:zlib';
import type { RecordedEvent } from './recorded-event.js';

/** An event does not read as it was written. */
export class DamagedEvent extends Error {
  override readonly name = 'DamagedEvent';
  constructor(readonly position: number) {
    super(`The event at position ${position} is damaged in the database file: restore the file from a backup`);
  }
}

/** CRC-32 of an event's place and content (ISO 3309, as zlib has it). */
export const checksumOf = (event: RecordedEvent): number => {
  const { position, stream, revision, id, type, isJson, created, metadata, data } = event;
  const place = `${position} ${revision} ${id} ${created} ${isJson} ${metadata.length} ${type} ${stream}`;
  return add(data, add(metadata, crc32(place)));
};

/** The empty bytes that libsql reads lie nowhere, for which zlib begins anew. */
const add = (bytes: Uint8Array, checksum: number) => (bytes.length === 0 ? checksum : crc32(bytes, checksum));

/** @throws DamagedEvent when the event does not have this checksum. */
export const verify = (checksum: number, event: RecordedEvent): void => {
  if (checksumOf(event) !== checksum) throw new DamagedEvent(event.position);
};
