import { createActivity, type Activity } from '../activity.js';
import { openDatabase, type OpenDatabase } from './database.js';
import { openGroupCommit } from './group-commit.js';
import { openRemoval } from './removal.js';
import { openReads, type Reads } from './reads.js';
import { scavenge, type ScavengeProgress } from './scavenge.js';
import { openStreamIndex } from './stream-index.js';
import { openStreams, type Stream } from './streams.js';
import { openTransactions } from './transactions.js';
import { openUsers, type Users } from './users.js';
import { openWaiters } from './waiters.js';
import { openWrites, type Writes } from './writes.js';

/** The durable log of all events, in one file. */
export type EventLog = Readonly<{
  /** Settles once the change is on disk. Changes that come while others are being synced share the next commit. */
  write: <Result>(change: (writes: Writes) => Result) => Promise<Result>;
  reads: Reads;
  stream: (name: string) => Stream;
  /** The position of the last event that is on disk. */
  head: () => number;
  /** Settles when the head lies beyond `position`. @throws AbortError when the signal aborts first. */
  passed: (position: number, signal: AbortSignal) => Promise<void>;
  /** Removes what deletion and truncation left. `now` is in milliseconds since 1970. */
  scavenge: (now: number, onProgress: (progress: ScavengeProgress) => void) => Promise<ScavengeProgress>;
  users: Users;
  /** Commits what is pending and closes the file. */
  close: () => void;
}>;

/**
 * `mostInMemory` is how many events the index takes before it writes to its tables: enough that a page of them takes
 * several at once, few enough to be read again at a start. Commits are counted in `activity`.
 */
export type LogOptions = Readonly<{ mostInMemory?: number; activity?: Activity }>;

/**
 * Opens the log of a file, or makes a new one.
 *
 * @throws UnusableDatabase when the file is foreign, torn or in use.
 */
export const openLog = (file: string, options: LogOptions = {}): EventLog => {
  const opened = openDatabase(file);
  try {
    return openLogOf(opened, options);
  } catch (error) {
    throw opened.refuse(error);
  }
};

const openLogOf = (
  { database, writeAheadLog, emptyLog, refuse, close: closeDatabase }: OpenDatabase,
  { mostInMemory = 8_192, activity = createActivity() }: LogOptions,
): EventLog => {
  const index = openStreamIndex(database, mostInMemory);
  const streams = openStreams(database, index);
  const writes = openWrites(database, streams, index);
  const reads = openReads(database, streams, index);
  const inTransaction = openTransactions(database, () => {
    streams.forget();
    index.reload();
  });
  const removal = openRemoval(database, streams, index);
  const waiters = openWaiters();
  let head = index.last();

  const onDurable = () => {
    streams.settle();
    // Also where no event has come: some may be gone.
    reads.moveTo(index.last());
    if (head === index.last()) return;
    head = index.last();
    waiters.wakeAll();
  };

  const transact = <Result>(changes: () => Result): Result =>
    inTransaction(() => {
      if (index.isDue()) index.flush();
      return changes();
    });

  const commits = openGroupCommit({ transact, writeAheadLog, onDurable, activity });

  const passed: EventLog['passed'] = async (position, signal) => {
    while (head <= position) await waiters.wait(signal);
  };

  const close = () => {
    commits.close();
    const failure = commits.failure();
    // What could not be synced may be wrong in memory, too: the files stay as they lie there, for the next start to see.
    if (failure) refuse(failure);
    else closeDatabase();
  };

  return {
    write: (change) => commits.commit(() => change(writes)),
    reads,
    stream: streams.durable,
    head: () => head,
    passed,
    scavenge: (now, onProgress) => scavenge({ commit: commits.commit, removal, emptyLog }, now, onProgress),
    users: openUsers(database),
    close,
  };
};
