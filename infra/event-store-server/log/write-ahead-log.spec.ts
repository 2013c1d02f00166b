import { scanLog, type LogContent } from './write-ahead-log.js';

const pageSize = 512;
const frameLength = 24 + pageSize;

type Order = 'LE' | 'BE';
type Transaction = Readonly<{ pages: readonly number[]; size: number }>;

const checksum = (from: readonly [number, number], bytes: Buffer, order: Order): [number, number] => {
  let [a, b] = from;
  for (let at = 0; at < bytes.length; at += 8) {
    a = (a + (order === 'LE' ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)) + b) >>> 0;
    b = (b + (order === 'LE' ? bytes.readUInt32LE(at + 4) : bytes.readUInt32BE(at + 4)) + a) >>> 0;
  }
  return [a, b];
};

const withChecksum = (bytes: Buffer, at: number, [a, b]: readonly [number, number]) => {
  bytes.writeUInt32BE(a, at);
  bytes.writeUInt32BE(b, at + 4);
  return bytes;
};

/** A log as SQLite writes it. */
const logOf = (transactions: readonly Transaction[], salt = 7, order: Order = 'LE'): Buffer => {
  const header = Buffer.alloc(32);
  [order === 'LE' ? 0x377f0682 : 0x377f0683, 3_007_000, pageSize, 0, salt, salt + 1].forEach((value, index) =>
    header.writeUInt32BE(value, index * 4),
  );
  let sum = checksum([0, 0], header.subarray(0, 24), order);
  withChecksum(header, 24, sum);
  const frames = transactions.flatMap(({ pages, size }) =>
    pages.map((page, index) => {
      const frame = Buffer.alloc(frameLength, page);
      [page, index === pages.length - 1 ? size : 0, salt, salt + 1].forEach((value, at) =>
        frame.writeUInt32BE(value, at * 4),
      );
      sum = checksum(checksum(sum, frame.subarray(0, 8), order), frame.subarray(24), order);
      return withChecksum(frame, 16, sum);
    }),
  );
  return Buffer.concat([header, ...frames]);
};

const scan = (bytes: Buffer): LogContent | undefined =>
  scanLog({ size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) });

const flipped = (log: Buffer, at: number) => {
  const copy = Buffer.from(log);
  copy[at] = (copy[at] as number) ^ 0xff;
  return copy;
};

const frameAt = (index: number) => 32 + index * frameLength;

const [first, second, third] = [
  { pages: [1, 2], size: 3 },
  { pages: [1, 3, 4], size: 4 },
  { pages: [1, 5], size: 5 },
];
const log = logOf([first, second, third]);
const bytesOf = (from: number, to: number) =>
  Array.from({ length: frameAt(to) - frameAt(from) }, (_, index) => frameAt(from) + index);

describe('a write-ahead log', () => {
  it.each(['LE', 'BE'] as const)('holds what its transactions wrote (%s)', (order) =>
    expect(scan(logOf([first, second, third], 7, order))).toEqual({
      pageSize,
      pages: 5,
      written: new Set([1, 2, 3, 4, 5]),
      isDamaged: false,
    }),
  );

  it('has no transaction yet', () => expect(scan(logOf([]))).toMatchObject({ pages: 0, isDamaged: false }));

  it.each([0, 31])('is none without its header, %d bytes of it', (length) =>
    expect(scan(log.subarray(0, length))).toBeUndefined(),
  );

  it('is none when its header is damaged', () => {
    for (let at = 0; at < 32; at += 1) expect(scan(flipped(log, at))).toBeUndefined();
  });

  it('may lack the end of its last transaction', () => {
    for (let length = frameAt(5); length < log.length; length += 1)
      expect(scan(log.subarray(0, length))).toMatchObject({ pages: 4, isDamaged: false });
  });

  it('may have a last transaction of which some never came to the disk', () => {
    for (const at of bytesOf(5, 7).filter((at) => at % 8 === 0))
      expect(scan(Buffer.from(log).fill(0, at, at + 8))).toMatchObject({ pages: 4, isDamaged: false });
  });

  it('is damaged when it is wrong in a transaction that two others follow', () => {
    for (const at of bytesOf(0, 2)) expect(scan(flipped(log, at))?.isDamaged).toBe(true);
  });

  it('is damaged when it is wrong in the last transaction but one, for all that its last frame tells', () => {
    const linking = bytesOf(4, 5).slice(8, 24);
    for (const at of bytesOf(2, 5).filter((at) => !linking.includes(at)))
      expect(scan(flipped(log, at))?.isDamaged).toBe(true);
  });

  it('may be followed by what is left of its earlier use', () => {
    const earlier = logOf([first, second, third], 1);
    const now = logOf([{ pages: [9], size: 9 }], 2);
    expect(scan(Buffer.concat([now, earlier.subarray(frameAt(1))]))).toEqual({
      pageSize,
      pages: 9,
      written: new Set([9]),
      isDamaged: false,
    });
  });

  it('may be followed by what is left of longer transactions that were cut', () => {
    const long = logOf([first, { pages: [1, 6, 7, 8, 9], size: 9 }]);
    const shorter = logOf([first, { pages: [1, 10], size: 10 }]);
    const cutTwice = Buffer.concat([shorter, long.subarray(frameAt(4))]);
    expect(scan(cutTwice)).toMatchObject({ pages: 10, isDamaged: false });
    expect(scan(flipped(cutTwice, frameAt(2)))).toMatchObject({ pages: 3, isDamaged: false });
  });
});
