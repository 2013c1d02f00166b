import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'libsql';
import { openDatabase } from './database.js';
import { isLocked } from './lock.js';
import { schemaVersion } from './schema.js';
import { syncFile } from './sync-file.js';
import { UnusableDatabase } from './unusable-database.js';

/**
 * Copies a database as it is at one moment, whether a server has it open or not, into a new file that is complete by
 * itself. The copy has its name only once all of it is on the disk; before it is beside it, with `.part`.
 *
 * @throws UnusableDatabase when there is no such database, it is torn, or the copy would replace a file.
 */
export const backUp = (file: string, copy: string): void => {
  if (!existsSync(file)) throw new UnusableDatabase(`There is no database ${file}`);
  if (existsSync(copy)) throw new UnusableDatabase(`${copy} is there already: name a file that is not`);
  const part = `${copy}.part`;
  rmSync(part, { force: true });
  copyInto(file, part);
  markComplete(part);
  syncFile(part);
  renameSync(part, copy);
  syncFile(dirname(copy));
};

const copyInto = (file: string, part: string) => {
  const source = openForReading(file);
  try {
    source.database.prepare('VACUUM INTO ?').run([part]);
  } catch (error) {
    throw new UnusableDatabase(`${file} cannot be copied to ${part}: ${(error as Error).message}`);
  } finally {
    source.close();
  }
};

/** What a killed server has left must be put right by whoever may write; beside a server that runs, nobody may. */
const openForReading = (file: string) => {
  if (!isLocked(file)) return openDatabase(file);
  const database = new Database(`${pathToFileURL(file).href}?mode=ro`);
  return { database, close: () => void database.close() };
};

/** The file that was copied may need its log; the copy has none. */
const markComplete = (part: string) => {
  const database = new Database(part);
  database.pragma(`user_version = ${schemaVersion}`);
  database.close();
};
