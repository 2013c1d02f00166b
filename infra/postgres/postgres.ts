import { isNativeError } from 'node:util/types';
import pg from 'pg';
import { DomainError } from '../../domains/shared/errors.js';

export type Postgres = pg.Pool;
export type PostgresConnection = pg.PoolClient;

// int8 columns hold positions and amounts: positions are read as bigint, amounts are cast by those who know.
pg.types.setTypeParser(pg.types.builtins.INT8, (digits) => BigInt(digits));

/** A query that is not answered for so long fails: a server that is frozen keeps its connections and says nothing. */
const usuallyWithinMs = 5_000;

/** A process that is paused in a transaction keeps others from what it has locked: PostgreSQL ends it after so long. */
const idleWithinMs = 5_000;

/** Statements that change a schema may go through a whole table, and wait for whoever else changes it. */
const schemaWithinMs = 60_000;

/**
 * A lazily connecting pool. A connection that breaks while idle is dropped; the next query makes a new one. A query that
 * may take longer than `withinMs` says so by its own `query_timeout`.
 */
export const createPostgres = (url: string, most = 10, withinMs = usuallyWithinMs): Postgres => {
  const pool = new pg.Pool({
    connectionString: url,
    max: most,
    connectionTimeoutMillis: 3_000,
    query_timeout: withinMs,
    idle_in_transaction_session_timeout: idleWithinMs,
    keepAlive: true,
  });
  pool.on('error', () => undefined);
  // One that breaks while it is used fails its query, which tells whoever asked; the event would end the process.
  pool.on('connect', (connection) => connection.on('error', () => undefined));
  return pool;
};

/** Runs `work` in one transaction: all of it is kept, or, when it throws, nothing. */
export const inTransaction = async <Result>(
  pool: Postgres,
  work: (connection: PostgresConnection) => Promise<Result>,
): Promise<Result> => {
  const connection = await pool.connect();
  try {
    await connection.query('begin');
    const result = await work(connection);
    await connection.query('commit');
    connection.release();
    return result;
  } catch (error) {
    // A connection whose transaction failed is closed rather than reused: its state is not known.
    connection.release(true);
    throw error;
  }
};

/** Creates what `definition` (idempotent DDL) says, one process at a time. */
export const ensureSchema = (pool: Postgres, definition: string): Promise<void> =>
  inTransaction(pool, async (connection) => {
    await connection.query(patiently(`select pg_advisory_xact_lock(hashtext('evermart-schema'))`));
    await connection.query(patiently(definition));
  });

const patiently = (text: string) => ({ text, query_timeout: schemaWithinMs });

/**
 * Gives what `work` gives, with PostgreSQL's absence told as such.
 *
 * @throws DomainError `service.unavailable` when PostgreSQL cannot be reached; other errors pass as they are.
 */
export const reachingPostgres = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  try {
    return await work();
  } catch (error) {
    if (!isPostgresAway(error)) throw error;
    const refusal = new DomainError('service.unavailable', 'PostgreSQL does not answer; try again soon');
    refusal.cause = error;
    throw refusal;
  }
};

/** Whether an error says that the server is away, silent, starting or stopping, rather than that a statement was wrong. */
export const isPostgresAway = (error: unknown): boolean => {
  // Errors of sockets may be of another realm, as they are where tests run: `instanceof` does not know them.
  if (!isNativeError(error)) return false;
  if ('errors' in error && Array.isArray(error.errors)) return error.errors.some(isPostgresAway);
  const code = 'code' in error ? String(error.code) : '';
  // Class 08 is "connection exception", 57P0x "operator intervention" (PostgreSQL, appendix A).
  if (/^(08...|57P0.|ECONN.*|EPIPE|ENOTFOUND|ETIMEDOUT|EHOSTUNREACH)$/.test(code)) return true;
  return awayMessages.test(error.message);
};

/** What pg says without a code. */
const awayMessages =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error/;

/** Whether a query waited in vain for a connection, all of which others of this process had. */
export const isPoolExhausted = (error: unknown): boolean =>
  isNativeError(error) && error.message === 'timeout exceeded when trying to connect';

/** Whether a query failed since a table is not there (PostgreSQL, appendix A). */
export const isUndefinedTable = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '42P01';
