import Database from 'libsql';
import { join } from 'node:path';
import { identify } from './process-identity.js';
import { readProcesses } from './processes-file.js';
import { StartRefused } from './refusal.js';

/**
 * Takes the data folder for this process alone and gives the function that lets go of it. The lock is SQLite's, which
 * the system takes back from a process that dies: it cannot be left behind, nor taken over by two at once.
 *
 * @throws StartRefused naming the process that holds the folder.
 */
export const lockDataDir = (dataDir: string): (() => void) => {
  const database = new Database(join(dataDir, 'launcher.lock'));
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error;
    throw new StartRefused(`Evermart already runs on ${dataDir}${holderOf(dataDir)}. Stop it or set another DATA_DIR.`);
  }
  return () => database.close();
};

const holderOf = (dataDir: string) => {
  const launcher = readProcesses(dataDir)?.launcher;
  return launcher !== undefined && identify(launcher.pid) !== null ? ` (process ${launcher.pid})` : '';
};
