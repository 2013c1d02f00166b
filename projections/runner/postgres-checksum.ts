import type { Postgres } from '../../infra/postgres/postgres.js';
import type { Checksum } from './view-store.js';

/** Goes through a whole table. */
const withinMs = 600_000;

/**
 * Takes a snapshot now; what it gives counts and sums the rows of it, and must be called. The sum of the first 60 bits of
 * each row's MD5 does not depend on the order of the rows; jsonb has one text for equal values.
 */
export const checksumOf = async (postgres: Postgres, build: string): Promise<() => Promise<Checksum>> => {
  const connection = await postgres.connect();
  try {
    await connection.query('begin isolation level repeatable read read only');
    await connection.query('set local idle_in_transaction_session_timeout = 0');
    await connection.query(`select from ${build} limit 1`);
  } catch (error) {
    connection.release(true);
    throw error;
  }
  return async () => {
    try {
      const { rows } = await connection.query<Checksum>(sumOf(build));
      await connection.query('commit');
      connection.release();
      return rows[0] ?? { rows: 0, checksum: '0' };
    } catch (error) {
      connection.release(true);
      throw error;
    }
  };
};

const sumOf = (build: string) => ({
  text: `select count(*)::int as rows,
           mod(coalesce(sum(('x' || left(md5(key || ' ' || position || ' ' || data::text), 15))::bit(60)::bigint), 0),
             1152921504606846976)::text as checksum
         from ${build}`,
  query_timeout: withinMs,
});
