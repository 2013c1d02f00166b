import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';

/**
 * Takes one file out of a ZIP archive, such as a JAR, to `path`: not every machine has a program that does so
 * (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT).
 *
 * @throws Error where the archive does not hold it.
 */
export const unzip = async (archive: string, name: string, path: string): Promise<void> => {
  const bytes = await readFile(archive);
  const entry = entriesOf(bytes).find((each) => each.name === name);
  if (entry === undefined) throw new Error(`the archive holds no ${name}`);
  const { method, size, at } = entry;
  const start = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
  const content = bytes.subarray(start, start + size);
  await writeFile(path, method === stored ? content : await promisify(inflateRaw)(content));
};

type Entry = Readonly<{ name: string; method: number; size: number; at: number }>;

const stored = 0;
const endSignature = Buffer.from('PK\x05\x06', 'latin1');

/** The central directory, which the end of the archive tells of. */
const entriesOf = (bytes: Buffer): readonly Entry[] => {
  const end = bytes.lastIndexOf(endSignature);
  if (end < 0) throw new Error('it is no ZIP archive');
  const entries: Entry[] = [];
  let next = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const nameLength = bytes.readUInt16LE(next + 28);
    entries.push({
      name: bytes.toString('utf8', next + 46, next + 46 + nameLength),
      method: bytes.readUInt16LE(next + 10),
      size: bytes.readUInt32LE(next + 20),
      at: bytes.readUInt32LE(next + 42),
    });
    next += 46 + nameLength + bytes.readUInt16LE(next + 30) + bytes.readUInt16LE(next + 32);
  }
  return entries;
};
