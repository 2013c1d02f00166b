import { createDatabases, databaseUrl } from '../../engines/postgres-databases.js';

/** Makes a database with nothing in it. Gives its connection string. */
export const emptyDatabase = async (url: string, name: string): Promise<string> => {
  if (!(await createDatabases(url, [name]))) throw new Error('PostgreSQL does not answer');
  return databaseUrl(url, name);
};
