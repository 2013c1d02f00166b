import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';

/** A file of an archive. */
export type ArchiveFile = Readonly<{ name: string; content: Buffer }>;

/** Nothing that the platform exports is larger; whoever checks a bundle of a stranger's has it in memory. */
const mostBytes = 256 * 1024 * 1024;

/** The files of a gzipped tar one after the other. @throws Error where it breaks off or is none. */
export async function* archiveFiles(path: string): AsyncGenerator<ArchiveFile, void> {
  const tar = extract();
  const read = pipeline(createReadStream(path), createGunzip(), tar);
  // It is awaited below; until then what goes wrong with it is told by the files as well.
  read.catch(() => undefined);
  for await (const entry of tar) {
    const { name, size = 0 } = entry.header as Readonly<{ name: string; size?: number }>;
    if (size > mostBytes) throw new Error(`${name} is larger than any file of a bundle`);
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    yield { name, content: Buffer.concat(chunks) };
  }
  await read;
}
