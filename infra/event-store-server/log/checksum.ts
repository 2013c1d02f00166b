import { crc32 } from 'node:zlib';
import type { RecordedEvent } from './recorded-event.js';

/** An event does not read as it was written. */
export class DamagedEvent extends Error {
  override readonly name = 'DamagedEvent';
  constructor(readonly position: number) {
    super(`The event at position ${position} is damaged in the database file: restore the file from a backup`);
  }
}

type Checked = Omit<RecordedEvent, 'isJson'>;

/** CRC-32 of an event's place and content (ISO 3309, as zlib has it). */
export const checksumOf = ({ position, stream, revision, id, type, created, metadata, data }: Checked): number =>
  add(data, add(metadata, crc32(`${position} ${revision} ${id} ${created} ${metadata.length} ${type} ${stream}`)));

/** The empty bytes that libsql reads lie nowhere, for which zlib begins anew. */
const add = (bytes: Uint8Array, checksum: number) => (bytes.length === 0 ? checksum : crc32(bytes, checksum));

/** @throws DamagedEvent when the event does not have this checksum. */
export const verify = (checksum: number, event: Checked): void => {
  if (checksumOf(event) !== checksum) throw new DamagedEvent(event.position);
};
