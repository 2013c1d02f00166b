import type Database from 'libsql';
import type { Notice } from './notice.js';

/** A notice that waits: what is posted, when it came to be, how often it was posted in vain. */
export type WaitingNotice = Readonly<{ id: string; body: string; createdAt: number; tries: number }>;

/** The notices that nobody has taken yet, in the ledger's database. Times are milliseconds since 1970. */
export type NoticeStore = Readonly<{
  /** Within the transaction of what it tells of. */
  keep: (notice: Notice) => void;
  /** Calls the listener soon after each transaction that kept one. */
  onKept: (listener: () => void) => void;
  /** Those whose turn has come, longest first. */
  due: (now: number, most: number) => readonly WaitingNotice[];
  /** When the next turn after `now` is. */
  nextDue: (now: number) => number | null;
  postpone: (id: string, until: number) => void;
  /** It was taken: nothing more is to be done. */
  drop: (id: string) => void;
  /** It stays, and is not posted any more. */
  giveUp: (id: string) => void;
}>;

const schema = `
  CREATE TABLE IF NOT EXISTS notices (
    id TEXT PRIMARY KEY, body TEXT NOT NULL, created_at INTEGER NOT NULL, tries INTEGER NOT NULL, due_at INTEGER);
  CREATE INDEX IF NOT EXISTS notices_due ON notices (due_at);
`;

/** The notices in a database, with a table that is made where it is not there yet. */
export const noticeStoreIn = (database: Database.Database): NoticeStore => {
  database.exec(schema);
  const insert = database.prepare('INSERT INTO notices (id, body, created_at, tries, due_at) VALUES (?, ?, ?, 0, ?)');
  const selectDue = database.prepare(
    'SELECT id, body, created_at AS createdAt, tries FROM notices WHERE due_at <= ? ORDER BY due_at LIMIT ?',
  );
  const selectNext = database.prepare('SELECT min(due_at) AS next FROM notices WHERE due_at > ?');
  const failed = database.prepare('UPDATE notices SET tries = tries + 1, due_at = ? WHERE id = ?');
  const remove = database.prepare('DELETE FROM notices WHERE id = ?');
  let tell: (() => void) | undefined;

  return {
    keep: (notice) => {
      const createdAt = Date.parse(notice.createdAt);
      insert.run(notice.id, JSON.stringify(notice), createdAt, createdAt);
      // Transactions do not wait for anything: this one is over by then.
      if (tell) setImmediate(tell);
    },
    onKept: (listener) => {
      tell = listener;
    },
    due: (now, most) => selectDue.all(now, most) as WaitingNotice[],
    nextDue: (now) => (selectNext.get(now) as { next: number | null }).next,
    postpone: (id, until) => void failed.run(until, id),
    drop: (id) => void remove.run(id),
    giveUp: (id) => void failed.run(null, id),
  };
};
