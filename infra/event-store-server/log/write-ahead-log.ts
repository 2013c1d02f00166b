import { endianness } from 'node:os';

/** A file as the scan reads it. */
export type LogFile = Readonly<{ size: number; read: (offset: number, length: number) => Buffer }>;

/** What an SQLite write-ahead log holds. */
export type LogContent = Readonly<{
  pageSize: number;
  /** The size of the database in pages after the last transaction that counts; 0 when none does. */
  pages: number;
  /** The pages that the transactions that count have written. */
  written: ReadonlySet<number>;
  /** Whether transactions that had been synced follow the place where SQLite stops reading, and would be lost. */
  isDamaged: boolean;
}>;

/**
 * Reads a write-ahead log as SQLite does when it recovers one ("WAL-mode File Format"): up to the first frame that does
 * not continue the chain of checksums. What lies after it is either the rest of a transaction that was being written
 * when the machine stopped, or proof of damage. The server begins a transaction only when the one before it was
 * synced: so a commit frame that another frame continues, by salts and checksum, had been synced, and all before it.
 *
 * @returns undefined when the log has no valid header.
 */
export const scanLog = (file: LogFile): LogContent | undefined => {
  const header = file.size < headerLength ? undefined : parseLogHeader(file.read(0, headerLength));
  if (!header) return undefined;
  const written = new Set<number>();
  let pages = 0;
  let open: number[] = [];
  let before: Frame = { ...header, isCurrent: true, page: 0, pages: 0 };
  let isBroken = false;
  let isDamaged = false;

  eachFrame(file, header, (frame, continues) => {
    if (isBroken) isDamaged ||= before.isCurrent && before.pages > 0 && continues(before);
    else if (frame.page > 0 && continues(before)) {
      open.push(frame.page);
      if (frame.pages > 0) {
        for (const page of open) written.add(page);
        pages = frame.pages;
        open = [];
      }
    } else isBroken = true;
    before = frame;
    return !isDamaged;
  });
  return { pageSize: header.pageSize, pages, written, isDamaged };
};

const headerLength = 32;
const frameHeaderLength = 24;
const chunkLength = 4 * 1024 * 1024;

type Checksum = readonly [number, number];
type LogHeader = Readonly<{ pageSize: number; isBigEndian: boolean; salts: Buffer; checksum: Checksum }>;

/** `pages` is 0 except in the last frame of a transaction. Only a current frame is of the log's present use. */
type Frame = Readonly<{ page: number; pages: number; isCurrent: boolean; checksum: Checksum }>;

const parseLogHeader = (bytes: Buffer): LogHeader | undefined => {
  const magic = bytes.readUInt32BE(0);
  if (magic !== 0x377f0682 && magic !== 0x377f0683) return undefined;
  const header = {
    pageSize: bytes.readUInt32BE(8),
    isBigEndian: magic === 0x377f0683,
    salts: Buffer.from(bytes.subarray(16, 24)),
    checksum: checksumAt(bytes, 24),
  };
  const found = addTo([0, 0], wordsOf(bytes.subarray(0, 24), header.isBigEndian), 0, 6);
  return equal(found, header.checksum) ? header : undefined;
};

/** Hands over each whole frame, and what tells whether it continues another, until `take` returns false. */
const eachFrame = (
  file: LogFile,
  { pageSize, isBigEndian, salts }: LogHeader,
  take: (frame: Frame, continues: (before: Frame) => boolean) => boolean,
) => {
  const length = frameHeaderLength + pageSize;
  const atOnce = Math.max(Math.floor(chunkLength / length), 1);
  for (let offset = headerLength; offset + length <= file.size; offset += atOnce * length) {
    const count = Math.min(atOnce, Math.floor((file.size - offset) / length));
    const bytes = file.read(offset, count * length);
    const words = wordsOf(bytes, isBigEndian);
    for (let at = 0; at < bytes.length; at += length) {
      const frame = {
        page: bytes.readUInt32BE(at),
        pages: bytes.readUInt32BE(at + 4),
        isCurrent: salts.compare(bytes, at + 8, at + 16) === 0,
        checksum: checksumAt(bytes, at + 16),
      };
      const continues = (before: Frame) => {
        if (!frame.isCurrent) return false;
        const first = addTo(before.checksum, words, at / 4, at / 4 + 2);
        return equal(addTo(first, words, (at + frameHeaderLength) / 4, (at + length) / 4), frame.checksum);
      };
      if (!take(frame, continues)) return;
    }
  }
};

const checksumAt = (bytes: Buffer, at: number): Checksum => [bytes.readInt32BE(at), bytes.readInt32BE(at + 4)];

/** The words are of the byte order that the log was written in. */
const wordsOf = (bytes: Buffer, isBigEndian: boolean): Int32Array => {
  const { buffer } = new Uint8Array(bytes);
  if (isBigEndian !== (endianness() === 'BE')) Buffer.from(buffer).swap32();
  return new Int32Array(buffer);
};

/** SQLite's checksum, continued over the words from `from` up to `to`. */
const addTo = ([a, b]: Checksum, words: Int32Array, from: number, to: number): Checksum => {
  let first = a;
  let second = b;
  for (let at = from; at < to; at += 2) {
    first = (first + (words[at] as number) + second) | 0;
    second = (second + (words[at + 1] as number) + first) | 0;
  }
  return [first, second];
};

const equal = (one: Checksum, other: Checksum) => one[0] === other[0] && one[1] === other[1];
