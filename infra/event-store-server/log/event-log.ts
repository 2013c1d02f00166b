import { once, EventEmitter } from 'node:events';
import { closeDatabase, openDatabase } from './database.js';
import { openReads, type Reads } from './reads.js';
import { openStreams, type Stream } from './streams.js';
import { openWrites, type WriteResult, type Writes } from './writes.js';

/** The durable log of all events, in one file. */
export type EventLog = Readonly<{
  /** Settles once the change is on disk. Changes asked for in one turn of the event loop share a commit. */
  write: (change: (writes: Writes) => WriteResult) => Promise<WriteResult>;
  reads: Reads;
  stream: (name: string) => Stream;
  /** The position of the last event that is on disk. */
  head: () => number;
  /** Settles when the head lies beyond `position`. @throws AbortError when the signal aborts first. */
  passed: (position: number, signal: AbortSignal) => Promise<void>;
  /** Commits what is pending and closes the file. */
  close: () => void;
}>;

type Pending = Readonly<{
  change: (writes: Writes) => WriteResult;
  resolve: (result: WriteResult) => void;
  reject: (error: unknown) => void;
}>;

/** @throws UnusableDatabase when the file is foreign, torn or in use. */
export const openLog = (file: string): EventLog => {
  const database = openDatabase(file);
  const streams = openStreams(database);
  const writes = openWrites(database, streams);
  const reads = openReads(database, streams);
  const moves = new EventEmitter().setMaxListeners(0);
  let head = reads.refresh();
  let pending: Pending[] = [];

  const write: EventLog['write'] = (change) =>
    new Promise((resolve, reject) => {
      if (pending.length === 0) setImmediate(commit);
      pending.push({ change, resolve, reject });
    });

  const commit = () => {
    const group = pending;
    pending = [];
    if (group.length === 0) return;
    try {
      const results = inTransaction(() => group.map(({ change }) => change(writes)));
      for (const [index, { resolve }] of group.entries()) resolve(results[index] as WriteResult);
    } catch (error) {
      streams.forget();
      for (const { reject } of group) reject(error);
    }
    moveHead();
  };

  const inTransaction = <Result>(work: () => Result): Result => {
    database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      database.exec('COMMIT');
      return result;
    } catch (error) {
      if (database.inTransaction) database.exec('ROLLBACK');
      throw error;
    }
  };

  const moveHead = () => {
    const now = reads.refresh();
    if (now === head) return;
    head = now;
    moves.emit('head');
  };

  const passed: EventLog['passed'] = async (position, signal) => {
    while (head <= position) await once(moves, 'head', { signal });
    signal.throwIfAborted();
  };

  const close = () => {
    commit();
    closeDatabase(database);
  };

  return { write, reads, stream: streams.find, head: () => head, passed, close };
};
