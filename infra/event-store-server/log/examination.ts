import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { fileHeaderLength, parseFileHeader, type FileHeader } from './file-header.js';
import { applicationId, inUse, schemaVersion } from './schema.js';
import { UnusableDatabase } from './unusable-database.js';
import { scanLog, type LogContent, type LogFile } from './write-ahead-log.js';

/**
 * Looks at the files of an event store as they lie there, before SQLite does: where something is missing or damaged,
 * SQLite would go back, without a word, to what it still finds. Must not run while this process has the database open:
 * to close a file ends SQLite's locks on it.
 *
 * @returns undefined when there is no database yet.
 * @throws UnusableDatabase when the file is foreign, of another version, or events that were in it are gone.
 */
export const examine = (file: string): FileHeader | undefined =>
  withFile(file, (main) =>
    withFile(`${file}-wal`, (log) => {
      if (main.size === 0) {
        if (log.size > 0) throw missing(file, `is missing or empty, but its log ${file}-wal holds data`);
        return undefined;
      }
      const header = parseFileHeader(main.read(0, Math.min(fileHeaderLength, main.size)));
      // SQLite takes back what a start or an end that was cut short has left half-written.
      const isHalfWritten = existsSync(`${file}-journal`);
      if (!header && isHalfWritten) return undefined;
      if (!header) throw foreign(file, 'is not an SQLite database, so no event store');
      refuseForeign(file, header);
      if (header.isLogged) refuseIncomplete(file, main, header, log);
      else {
        if (log.size > 0) throw missing(file, `is complete, so the log ${file}-wal beside it is not its own`);
        if (!isHalfWritten) refuseTruncated(file, main, header, undefined);
      }
      return header;
    }),
  );

const refuseForeign = (file: string, { applicationId: found, version }: FileHeader) => {
  if (found !== applicationId) throw foreign(file, 'is an SQLite file, but not one of this event store');
  if ((version & ~inUse) === schemaVersion) return;
  const versions = `has version ${version & ~inUse}; this event store reads version ${schemaVersion}`;
  throw new UnusableDatabase(`${file} ${versions}: use the program that wrote it`);
};

/** A file in use has all events only together with its log. One that is not has them all, but for a kill at its end. */
const refuseIncomplete = (file: string, main: LogFile, header: FileHeader, log: LogFile) => {
  const content = scanLog(log);
  const isInUse = (header.version & inUse) !== 0;
  if (isInUse && log.size === 0)
    throw new UnusableDatabase(
      `${file} was not closed, and its log ${file}-wal, with the newest events, is missing: put the log back beside it, ` +
        `or restore a backup. Only if another program has merged the log into the file, nothing is lost: then ` +
        `"PRAGMA journal_mode = DELETE" in that program makes the file complete`,
    );
  const isUnreadable = isInUse && content?.pageSize !== header.pageSize;
  if (isUnreadable || content?.isDamaged === true)
    throw new UnusableDatabase(
      `${file}-wal, the log of ${file}, is damaged, and events would be lost without it: restore a backup of both`,
    );
  refuseTruncated(file, main, header, content);
};

/** Every page must be in the file or in its log. */
const refuseTruncated = (file: string, main: LogFile, header: FileHeader, log: LogContent | undefined) => {
  const pages = log && log.pages > 0 ? log.pages : header.pages;
  for (let page = Math.floor(main.size / header.pageSize) + 1; page <= pages; page += 1)
    if (log?.written.has(page) !== true)
      throw new UnusableDatabase(
        `${file} is torn or damaged: it has ${main.size} of ${pages * header.pageSize} bytes. Restore a backup`,
      );
};

const foreign = (file: string, what: string) => new UnusableDatabase(`${file} ${what}: give another file`);

const missing = (file: string, what: string) =>
  new UnusableDatabase(`${file} ${what}: put the two that belong together there, or restore a backup`);

/** A file that is not there is an empty one. */
const withFile = <Result>(name: string, use: (file: LogFile) => Result): Result => {
  const descriptor = openIfThere(name);
  if (descriptor === undefined) return use({ size: 0, read: () => Buffer.alloc(0) });
  try {
    return use({ size: fstatSync(descriptor).size, read: (offset, length) => readAt(descriptor, offset, length) });
  } finally {
    closeSync(descriptor);
  }
};

const openIfThere = (name: string) => {
  try {
    return openSync(name, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

const readAt = (descriptor: number, offset: number, length: number): Buffer => {
  const bytes = Buffer.allocUnsafe(length);
  for (let done = 0; done < length;) {
    const count = readSync(descriptor, bytes, done, length - done, offset + done);
    if (count === 0) throw new Error('The file became shorter while it was read');
    done += count;
  }
  return bytes;
};
