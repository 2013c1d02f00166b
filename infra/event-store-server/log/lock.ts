import { existsSync } from 'node:fs';
import Database from 'libsql';

/** Keeps other servers from a database file until it is released. */
export type Lock = Readonly<{ release: () => void }>;

/**
 * SQLite's locks end with the process, however it ends. It is one on a second file: one on the database itself would
 * keep readers away, too.
 *
 * @returns undefined while another server has it.
 */
export const takeLock = (file: string): Lock | undefined => {
  const lock = new Database(`${file}-lock`);
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if ((error as { code?: string }).code === 'SQLITE_BUSY') return undefined;
    throw error;
  }
  const release = () => {
    lock.exec('COMMIT');
    lock.close();
  };
  return { release };
};

/** Whether a server has the database file open now. */
export const isLocked = (file: string): boolean => {
  if (!existsSync(`${file}-lock`)) return false;
  const lock = takeLock(file);
  lock?.release();
  return !lock;
};
