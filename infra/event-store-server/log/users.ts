import type Database from 'libsql';

/** Who may use the server, in the database file. */
export type Users = Readonly<{
  /** The hash of the password, as it is now; another process may change it at any time. */
  hashOf: (name: string) => string | undefined;
  names: () => readonly string[];
  /** Adds the user or replaces the hash. */
  set: (name: string, hash: string) => void;
  /** Whether there was such a user. */
  remove: (name: string) => boolean;
}>;

/** The users of an open database file. */
export const openUsers = (database: Database.Database): Users => {
  const one = database.prepare('SELECT hash FROM users WHERE name = ?').raw();
  const all = database.prepare('SELECT name FROM users ORDER BY name').raw();
  const upsert = database.prepare(
    'INSERT INTO users (name, hash) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash',
  );
  const remove = database.prepare('DELETE FROM users WHERE name = ?');
  const hashOf = (name: string) => (one.all([name]) as [string][])[0]?.[0];
  return {
    hashOf,
    names: () => (all.all([]) as [string][]).map(([name]) => name),
    set: (name, hash) => void upsert.run([name, hash]),
    remove: (name) => remove.run([name]).changes > 0,
  };
};
