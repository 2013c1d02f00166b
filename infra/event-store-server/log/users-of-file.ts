import Database from 'libsql';
import { busyTimeout, openDatabase } from './database.js';
import { isLocked } from './lock.js';
import { syncFile } from './sync-file.js';
import { UnusableDatabase } from './unusable-database.js';
import { openUsers, type Users } from './users.js';

/**
 * Works on the users of a database file, whether a server has it open or not; what was done is durable. Where there is
 * no file it makes one.
 *
 * @throws UnusableDatabase when the file is not one of this event store.
 */
export const withUsers = <Result>(file: string, work: (users: Users) => Result): Result =>
  isLocked(file) ? besideServer(file, work) : alone(file, work);

const alone = <Result>(file: string, work: (users: Users) => Result): Result => {
  const { database, close } = openDatabase(file);
  try {
    database.pragma('synchronous = FULL');
    return work(openUsers(database));
  } finally {
    close();
  }
};

/** The server has to find what it wrote itself synced before anything follows it in the log. */
const besideServer = <Result>(file: string, work: (users: Users) => Result): Result => {
  const database = connect(file);
  try {
    database.exec('BEGIN IMMEDIATE');
    syncFile(`${file}-wal`);
    const result = work(openUsers(database));
    database.exec('COMMIT');
    return result;
  } catch (error) {
    throw new UnusableDatabase(`The users in ${file} cannot be reached: ${(error as Error).message}`);
  } finally {
    database.close();
  }
};

const connect = (file: string) => {
  const database = new Database(file, { timeout: busyTimeout });
  database.pragma('synchronous = FULL');
  // Checkpoints are left to the server.
  database.pragma('wal_autocheckpoint = 0');
  return database;
};
