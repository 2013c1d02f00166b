import pg from 'pg';

/**
 * Creates the databases that are not there yet. Gives whether PostgreSQL could be asked; where it does not take
 * connections (yet), that is false and no error.
 *
 * @throws Error when a database cannot be created.
 */
export const createDatabases = async (url: string, names: readonly string[]): Promise<boolean> => {
  const client = new pg.Client({ connectionString: databaseUrl(url, 'postgres'), connectionTimeoutMillis: 2_000 });
  // The server may go away between two queries; the query that fails then says so.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch {
    return false;
  }
  try {
    const { rows } = await client.query<{ datname: string }>('SELECT datname FROM pg_database');
    const missing = names.filter((name) => !rows.some(({ datname }) => datname === name));
    for (const name of missing) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
    return true;
  } finally {
    await client.end();
  }
};

/** The same server's connection string for another of its databases. */
export const databaseUrl = (url: string, database: string): string => {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
};
