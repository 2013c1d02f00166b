/** The database file cannot be used: the message names it, says why, and what to do. Nothing in it was changed. */
export class UnusableDatabase extends Error {
  override readonly name = 'UnusableDatabase';
}
