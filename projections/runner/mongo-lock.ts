import { inTransaction, reachingPostgres, type Postgres } from '../../infra/postgres/postgres.js';

/** Throws where the lock was lost meanwhile, as it is by a process that was paused for long. */
export type StillHeld = () => Promise<void>;

/** Whoever holds a lock and is paused loses it after a while; so long is waited for at most. */
const waitMs = 15_000;

/**
 * Runs `work` while nobody else runs anything with one of these partitions. FerretDB reads, changes and writes a document
 * without a lock, so that a condition on what was read does not keep two writers apart; PostgreSQL does, as long as the
 * transaction lives. Without `postgres` nothing is locked.
 *
 * @throws DomainError `service.unavailable` where PostgreSQL is away, or ended the transaction.
 */
export const lockedBy = <Result>(
  postgres: Postgres | null,
  build: string,
  partitions: readonly Readonly<{ partition: number }>[],
  work: (stillHeld: StillHeld) => Promise<Result>,
): Promise<Result> => {
  if (postgres === null) return work(() => Promise.resolve());
  return reachingPostgres(() =>
    inTransaction(postgres, async (connection) => {
      await connection.query(lockOf(build, partitions));
      return work(async () => {
        await connection.query('select 1');
      });
    }),
  );
};

const lockOf = (build: string, partitions: readonly Readonly<{ partition: number }>[]) => ({
  text: 'select pg_advisory_xact_lock(hashtext($1), partition) from unnest($2::int[]) partition order by partition',
  values: [build, partitions.map(({ partition }) => partition)],
  query_timeout: waitMs,
});
