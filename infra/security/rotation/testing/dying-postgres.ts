import pg from 'pg';
import { createPostgres, type Postgres } from '../../../postgres/postgres.js';

/**
 * A pool for a process that dies: it carries out so many statements and refuses all after them. What is not committed
 * then is undone when `end` closes the connections, as when a process is killed.
 */
export const dyingAfter = (
  url: string,
  statements: number,
): Readonly<{ postgres: Postgres; end: () => Promise<void> }> => {
  let left = statements;
  const postgres = createPostgres(url);
  postgres.on('connect', (client) => {
    const send = client.query.bind(client) as (...given: unknown[]) => unknown;
    const query = (...given: unknown[]) => {
      left -= 1;
      if (left >= 0) return send(...given);
      const error = new pg.DatabaseError('The process is dead', 0, 'error');
      const callback = given.at(-1);
      if (typeof callback !== 'function') return Promise.reject(error);
      (callback as (error: Error) => void)(error);
      return undefined;
    };
    Object.assign(client, { query });
  });
  return { postgres, end: () => postgres.end() };
};
