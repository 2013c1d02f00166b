/** How the metadata of a stream hides its older events from readers of the stream. $all shows them all the same. */
export type Truncation = Readonly<{ before: number; maxCount: number; maxAge: number }>;

const none: Truncation = { before: 0, maxCount: Infinity, maxAge: Infinity };

/** The largest int64, as JSON.parse reads it: a stream truncated before it is soft-deleted. */
const everything = 2 ** 63;

/** A metadata stream shows only its last event. */
const metadataStream: Truncation = { ...none, maxCount: 1 };

/**
 * The truncation that a stream's latest metadata event asks for. As in EventStoreDB, metadata that is not JSON, or has
 * one of these properties but not as an integer, asks for none.
 */
export const truncationOf = (stream: string, metadata: Uint8Array | undefined): Truncation => {
  if (isMetadataStream(stream)) return metadataStream;
  if (!metadata) return none;
  const { $tb = 0, $maxCount = 0, $maxAge = 0 } = parse(metadata);
  if (![$tb, $maxCount, $maxAge].every(isInteger)) return none;
  return {
    before: positive($tb) ?? none.before,
    maxCount: positive($maxCount) ?? none.maxCount,
    maxAge: positive($maxAge) ?? none.maxAge,
  };
};

/** Whether readers are to be told that there is no such stream. */
export const isSoftDeleted = ({ before }: Truncation): boolean => before >= everything;

/** The metadata of a soft delete. Raw text: the number is beyond what JavaScript can write. */
export const softDeletion = (): Uint8Array => Buffer.from('{"$tb":9223372036854775807}');

/** The metadata of a stream that is written again after its soft delete: it begins at `revision`. */
export const undeletion = (metadata: Uint8Array, revision: number): Uint8Array => {
  try {
    return Buffer.from(JSON.stringify({ ...parse(metadata), $tb: revision }));
  } catch {
    // Nested so deeply that it can be read, but not written.
    return Buffer.from(JSON.stringify({ $tb: revision }));
  }
};

/** The first revision that a reader of the stream may see. */
export const firstReadable = ({ before, maxCount }: Truncation, last: number): number =>
  Math.max(before, last - maxCount + 1, 0);

export const isMetadataStream = (stream: string): boolean => stream.startsWith('$$');

export const metadataStreamOf = (stream: string): string => `$$${stream}`;

export const ownerOf = (metadataStream: string): string => metadataStream.slice(2);

const parse = (metadata: Uint8Array): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(Buffer.from(metadata).toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};

/** Whether it is a number of 64 bits. */
const isInteger = (value: unknown) => Number.isInteger(value) && Math.abs(value as number) <= everything;

const positive = (value: unknown) => (typeof value === 'number' && value > 0 ? value : undefined);
