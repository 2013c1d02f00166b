import { reachingPostgres, type Postgres } from '../../infra/postgres/postgres.js';
import type { Checksum, Snapshot } from './view-store.js';

/** Goes through a whole table. */
const withinMs = 600_000;

/**
 * The sum of the first 60 bits of each row's MD5, in a transaction that sees the rows as they are now. It does not depend
 * on the order of the rows; jsonb has one text for equal values.
 */
export const snapshotOf = async (postgres: Postgres, build: string): Promise<Snapshot> => {
  const connection = await postgres.connect();
  try {
    await connection.query('begin isolation level repeatable read read only');
    await connection.query('set local idle_in_transaction_session_timeout = 0');
    await connection.query(`select from ${build} limit 1`);
  } catch (error) {
    connection.release(true);
    throw error;
  }
  return {
    checksum: (except) =>
      reachingPostgres(async () => {
        const { rows } = await connection.query<Omit<Checksum, 'changed'>>(sumOf(build, except));
        return { rows: 0, checksum: '0', ...rows[0], changed: new Set() };
      }),
    close: async () => {
      const failure = await connection.query('rollback').then(
        () => false,
        () => true,
      );
      connection.release(failure);
    },
  };
};

const sumOf = (build: string, except: ReadonlySet<string>) => ({
  text: `select count(*)::int as rows,
           mod(coalesce(sum(('x' || left(md5(key || ' ' || position || ' ' || data::text), 15))::bit(60)::bigint), 0),
             1152921504606846976)::text as checksum
         from ${build} where not key = any($1)`,
  values: [[...except]],
  query_timeout: withinMs,
});
