/**
 * Writes fields in the wire format of protocol buffers (https://protobuf.dev/programming-guides/encoding/) into a buffer
 * that has room for them. Events are the one thing that is sent in great numbers, and the generated code takes several
 * times as long to write them. Every function gives the offset after what it wrote.
 */

/** What the tag and the length of a field, or the tag and the value of an integer, take at most. */
export const mostOverhead = 16;

/** A field that is an unsigned integer, at most 2^53 − 1. */
export const putInteger = (buffer: Buffer, at: number, field: number, value: number): number =>
  putVarint(buffer, putVarint(buffer, at, field * 8), value);

/** A field that is bytes, a string that was encoded, or a message that was written before. */
export const putBytes = (buffer: Buffer, at: number, field: number, value: Uint8Array): number => {
  const start = putLength(buffer, at, field, value.length);
  buffer.set(value, start);
  return start + value.length;
};

/** A field that is a string of ASCII characters. */
export const putAscii = (buffer: Buffer, at: number, field: number, value: string): number => {
  const start = putLength(buffer, at, field, value.length);
  return start + buffer.write(value, start, 'latin1');
};

/** The tag and the length of a field whose bytes are to follow. */
export const putLength = (buffer: Buffer, at: number, field: number, length: number): number =>
  putVarint(buffer, putVarint(buffer, at, field * 8 + 2), length);

/** A base-128 integer of at most 2^53 − 1. */
const putVarint = (buffer: Buffer, at: number, value: number): number => {
  let [left, end] = [value, at];
  while (left >= 0x80) {
    buffer[end] = (left % 0x80) | 0x80;
    left = Math.floor(left / 0x80);
    end += 1;
  }
  buffer[end] = left;
  return end + 1;
};
