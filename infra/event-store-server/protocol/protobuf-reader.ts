/** The bytes are not a message in the wire format of protocol buffers. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}

/** What a field holds: an integer, or the bytes of a string, of bytes or of a message. */
export type FieldValue = number | Buffer;

/**
 * Gives the fields of a message, in their order, to `onField`; those that are neither integers nor bytes are passed over.
 * Integers above 2^53 lose their last digits. (https://protobuf.dev/programming-guides/encoding/)
 *
 * @throws MalformedMessage when the bytes end within a field or hold what no field can be.
 */
export const readMessage = (bytes: Buffer, onField: (field: number, value: FieldValue) => void): void => {
  let at = 0;

  const varint = (): number => {
    let [value, factor] = [0, 1];
    for (let length = 1; length <= longestVarint; length += 1) {
      const byte = bytes[at];
      if (byte === undefined) throw new MalformedMessage('A message ends within a number');
      at += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 0x80;
    }
    throw new MalformedMessage('A number is too long');
  };

  const take = (length: number): Buffer => {
    if (length > bytes.length - at) throw new MalformedMessage('A message ends within a field');
    at += length;
    return bytes.subarray(at - length, at);
  };

  while (at < bytes.length) {
    const tag = varint();
    const field = Math.floor(tag / 8);
    switch (tag % 8) {
      case wireType.varint:
        onField(field, varint());
        break;
      case wireType.bytes:
        onField(field, take(varint()));
        break;
      case wireType.fixed64:
        take(8);
        break;
      case wireType.fixed32:
        take(4);
        break;
      default:
        throw new MalformedMessage('A field has a type that is not known');
    }
  }
};

const wireType = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

const longestVarint = 10;

/** @throws MalformedMessage when it is an integer. */
export const bytesOf = (value: FieldValue): Buffer => {
  if (typeof value === 'number') throw new MalformedMessage('A number stands where bytes should');
  return value;
};

/** UTF-8. @throws MalformedMessage when it is an integer. */
export const textOf = (value: FieldValue): string => bytesOf(value).toString();

/** @throws MalformedMessage when it is not an integer. */
export const integerOf = (value: FieldValue): number => {
  if (typeof value !== 'number') throw new MalformedMessage('Bytes stand where a number should');
  return value;
};
