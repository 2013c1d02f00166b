import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RotationRefused } from './refusal.js';

/**
 * The files of the data folder that hold master keys: the present one, which `npm start` reads, the next one from the
 * beginning of a rotation until it becomes the present one, and the old one from then until it is retired.
 */
export type MasterKeyFiles = Readonly<{
  present: () => string | null;
  /** The next key: the one that is given, else the one that was kept, else one that is made. It is kept. */
  keepNext: (given: string | undefined) => string;
  next: () => string | null;
  /** Makes the next key the present one, and the present one the old one; nothing where `next` is not the next one. */
  switchToNext: (next: string) => void;
  /**
   * Removes the old key, and a next one that is in use without being kept as the present one. Where another rotation
   * has made `present` the old key meanwhile, it stays.
   */
  removeRetired: (present: string) => void;
  paths: Readonly<Record<'present' | 'next' | 'old', string>>;
}>;

export const masterKeyFiles = (dataDir: string): MasterKeyFiles => {
  const path = join(dataDir, 'master.key');
  const paths = { present: path, next: `${path}.next`, old: `${path}.old` };
  const read = (from: string) => (existsSync(from) ? readFileSync(from, 'utf8').trim() : null);
  return {
    paths,
    present: () => read(paths.present),
    next: () => read(paths.next),
    keepNext: (given) => {
      writeOnce(paths.next, given ?? randomBytes(32).toString('hex'));
      const kept = readFileSync(paths.next, 'utf8').trim();
      if (given !== undefined && given !== kept)
        throw new RotationRefused(`NEW_MASTER_KEY is another than the one in ${paths.next}, which was to be the next`);
      return kept;
    },
    switchToNext: (next) => {
      const old = read(paths.present);
      if (read(paths.next) !== next || old === null) return;
      // One that was retired and left behind: a rotation begins only once no other is under way.
      if (read(paths.old) !== old) rmSync(paths.old, { force: true });
      writeOnce(paths.old, old);
      renameSync(paths.next, paths.present);
    },
    removeRetired: (present) => {
      if (read(paths.old) !== present) rmSync(paths.old, { force: true });
      if (read(paths.next) === present) rmSync(paths.next);
    },
  };
};

/** Whole or not at all, and never over what is there. */
const writeOnce = (path: string, key: string): void => {
  if (existsSync(path)) return;
  const fresh = `${path}.${process.pid}`;
  writeFileSync(fresh, `${key}\n`, { mode: 0o600, flush: true });
  try {
    linkSync(fresh, path);
  } catch (error) {
    // Another process was first: its key is the one.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(fresh);
  }
};
