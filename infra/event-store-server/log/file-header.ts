/** What the first bytes of an SQLite file say of it ("Database File Format", section 1.3). */
export type FileHeader = Readonly<{
  pageSize: number;
  /** The size in pages that the file has without its write-ahead log. */
  pages: number;
  /** Whether changes go to a write-ahead log: so it is from the opening of an event store to its end. */
  isLogged: boolean;
  version: number;
  applicationId: number;
}>;

export const fileHeaderLength = 100;

/** Gives undefined for bytes that do not begin an SQLite file. */
export const parseFileHeader = (bytes: Buffer): FileHeader | undefined => {
  if (bytes.length < fileHeaderLength || !bytes.subarray(0, magic.length).equals(magic)) return undefined;
  const pageSize = bytes.readUInt16BE(16);
  return {
    pageSize: pageSize === 1 ? 65_536 : pageSize,
    pages: bytes.readUInt32BE(28),
    isLogged: bytes[18] === 2,
    version: bytes.readInt32BE(60),
    applicationId: bytes.readInt32BE(68),
  };
};

const magic = Buffer.from('SQLite format 3\0');
