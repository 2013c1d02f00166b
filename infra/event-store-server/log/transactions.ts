import type Database from 'libsql';

/** Does work in one transaction: all of it is committed, or none when it throws. */
export type InTransaction = <Result>(work: () => Result) => Result;

/** `undo` is called after a transaction that failed: what is kept in memory must follow the database again. */
export const openTransactions = (database: Database.Database, undo: () => void): InTransaction => {
  const [begin, commit] = [database.prepare('BEGIN IMMEDIATE'), database.prepare('COMMIT')];
  return (work) => {
    begin.run();
    try {
      const result = work();
      commit.run();
      return result;
    } catch (error) {
      if (database.inTransaction) database.exec('ROLLBACK');
      undo();
      throw error;
    }
  };
};
