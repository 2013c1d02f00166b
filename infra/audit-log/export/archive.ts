import type { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import type { Member } from './bundle-members.js';

/**
 * Files as a gzipped tar, made as it is read. What goes wrong with the files is the error of the stream; whoever
 * destroys it before its end ends the files.
 */
export const archiveOf = (members: AsyncIterable<Member>, mtime: Date): Readable => {
  const tar = pack();
  const gzip = createGzip();
  const add = (member: Member) =>
    new Promise<void>((resolve, reject) => {
      const { name, content } = member;
      tar.entry({ name, mtime, mode: 0o644 }, content, (error) => (error ? reject(error) : resolve()));
    });
  const fill = async () => {
    for await (const member of members) {
      if (gzip.destroyed) return;
      await add(member);
    }
    tar.finalize();
  };
  fill().catch((error: unknown) => gzip.destroy(error as Error));
  tar.on('error', (error: Error) => gzip.destroy(error));
  gzip.once('close', () => tar.destroy());
  tar.pipe(gzip);
  return gzip;
};
