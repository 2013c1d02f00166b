import { tally, type Activity } from '../activity.js';
import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';

/** Makes changes to the log durable. */
export type GroupCommit = Readonly<{
  /** Settles, with what the change gives, once it is on disk. */
  commit: <Result>(change: () => Result) => Promise<Result>;
  /** What ended all writing, if something has. */
  failure: () => UnsyncedLog | undefined;
  /** Commits and syncs what is pending. Later changes are rejected. */
  close: () => void;
}>;

/** What a group needs of the database that it changes. */
export type Group = Readonly<{
  /** Runs the changes in one transaction, which is not synced; it throws when none of them is made. */
  transact: <Result>(changes: () => Result) => Result;
  /** The file that must be synced before the changes are durable. */
  writeAheadLog: string;
  /** To be called when all that was committed so far is durable, before the callers hear of it. */
  onDurable: () => void;
  activity: Activity;
}>;

/** The kernel could not write what it had taken: nobody can say what is on the disk, so nothing more is written. */
export class UnsyncedLog extends Error {
  override readonly name = 'UnsyncedLog';
}

type Pending = Readonly<{
  change: () => unknown;
  resolve: (result: unknown) => void;
  reject: (error: unknown) => void;
}>;

/** Whether the fault lies with none of the changes, which are not to be tried one by one. */
const concernsAll = (error: unknown) =>
  error instanceof UnsyncedLog || (error as { code?: string }).code === 'SQLITE_FULL';

type Settle = (error: Error | null) => void;

/**
 * While one group is being synced, on a thread of its own, the next one gathers: the more callers there are, the more
 * of them share a sync (group commit: DeWitt et al., "Implementation Techniques for Main Memory Database Systems", 1984).
 * No group is written before the one before it is synced.
 */
export const openGroupCommit = ({ transact, writeAheadLog, onDurable, activity }: Group): GroupCommit => {
  const file = openSync(writeAheadLog, 'r+');
  let pending: Pending[] = [];
  let isSyncing = false;
  let isClosed = false;
  let wasAlone = false;
  let failure: UnsyncedLog | undefined;

  const commit = <Result>(change: () => Result) =>
    new Promise<Result>((resolve, reject) => {
      if (isClosed) {
        reject(new Error('The event log is closed'));
        return;
      }
      if (pending.length === 0 && !isSyncing) setImmediate(gather, 0);
      pending.push({ change, resolve: resolve as Pending['resolve'], reject });
    });

  /** A group that still grows from turn to turn is waited for: the fewer groups, the fewer syncs. */
  const gather = (earlier: number) => {
    if (pending.length > earlier && !wasAlone) setImmediate(gather, pending.length);
    else commitGroup();
  };

  const commitGroup = () => {
    const members = takePending();
    const settle = write(members);
    if (!settle) return;
    // One caller alone gets its answer sooner when no other thread has to be woken for it.
    const isAlone = members.length === 1 && wasAlone;
    wasAlone = members.length === 1;
    if (isAlone) settle(syncNow());
    else syncAside(settle);
  };

  const takePending = () => {
    const members = pending;
    pending = [];
    return members;
  };

  /** Gives what settles the members once they are synced, or could not be; nothing when there is nothing to sync. */
  const write = (members: readonly Pending[]): Settle | undefined => {
    if (members.length === 0) return undefined;
    const rejectAll = (error: unknown) => members.forEach(({ reject }) => reject(error));
    try {
      if (failure) throw failure;
      const begun = performance.now();
      const results = transact(() => members.map(({ change }) => change()));
      return (error) => {
        if (error) {
          rejectAll((failure = new UnsyncedLog(`The log could not be synced: ${error.message}`)));
          return;
        }
        tally(activity.groupSize, members.length);
        tally(activity.commitSeconds, (performance.now() - begun) / 1000);
        onDurable();
        for (const [index, { resolve }] of members.entries()) resolve(results[index]);
      };
    } catch (error) {
      if (members.length === 1 || concernsAll(error)) rejectAll(error);
      else for (const member of members) write([member])?.(syncNow());
      return undefined;
    }
  };

  const syncAside = (settle: Settle) => {
    isSyncing = true;
    fdatasync(file, (error) => {
      isSyncing = false;
      settle(error);
      if (isClosed) closeSync(file);
      else if (pending.length > 0) setImmediate(gather, 0);
    });
  };

  const syncNow = (): Error | null => {
    try {
      fdatasyncSync(file);
      return null;
    } catch (error) {
      return error as Error;
    }
  };

  const close = () => {
    isClosed = true;
    const members = takePending();
    if (isSyncing && members.length > 0) syncNow();
    write(members)?.(syncNow());
    if (!isSyncing) closeSync(file);
  };

  return { commit, failure: () => failure, close };
};
