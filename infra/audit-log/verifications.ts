import { randomUUID as randomId } from 'node:crypto';
import { DomainError } from '../../domains/shared/errors.js';
import { reachingPostgres, type Postgres } from '../postgres/postgres.js';
import { once } from '../process/once.js';
import type { FirstDifference } from './first-difference.js';
import { ensureAuditTables } from './log-tables.js';

/** Tells the auditor that somebody asked for a verification. */
export const verificationsChannel = 'audit_verifications';

/** Why a verification came to no result: the checkpoints could not be read, or what the auditor's own log says. */
export type VerificationFailure = 'checkpoints_unreachable' | 'internal_error';

/**
 * A verification that was asked for. `through` is the position up to which it goes, `checkpoint` the note over most of the
 * log at its start; both are `null` before it has begun, and where nothing is logged.
 */
export type Verification = Readonly<{
  id: string;
  state: 'running' | 'done' | 'failed';
  progress: Readonly<{ done: number; total: number }>;
  intact: boolean | null;
  through: string | null;
  checkpoint: string | null;
  firstDifference: FirstDifference | null;
  failure: VerificationFailure | null;
  completedAt: Date | null;
}>;

/** Everything throws DomainError `service.unavailable` while PostgreSQL is away. */
export type Verifications = Readonly<{
  /** Asks the auditor for one. One that was asked for and has not begun serves all who ask meanwhile. */
  request: () => Promise<Verification>;
  /** @throws DomainError `audit.no_verification` */
  find: (id: string) => Promise<Verification>;
  /** The latest that came to a result. @throws DomainError `audit.no_verification` */
  latest: () => Promise<Verification>;
}>;

export const createVerifications = (postgres: Postgres): Verifications => {
  const prepared = once(() => ensureAuditTables(postgres));
  const ask = async (text: string, values: readonly unknown[]): Promise<Verification> => {
    const { rows } = await reachingPostgres(async () => {
      await prepared();
      return postgres.query<VerificationRow>(text, [...values]);
    });
    if (rows[0]) return verificationOf(rows[0]);
    throw new DomainError(
      'audit.no_verification',
      'There is no such verification; POST /audit/verifications asks for one',
    );
  };
  const tell = (id: string) =>
    reachingPostgres(() => postgres.query('select pg_notify($1, $2)', [verificationsChannel, id]));
  return {
    request: async () => {
      const asked = await ask(insertUnlessWaiting, [randomId()]);
      await tell(asked.id);
      return asked;
    },
    find: (id) => ask('select * from audit_verifications where id::text = $1', [id]),
    latest: () => ask(selectLatest, []),
  };
};

const selectLatest = `select * from audit_verifications where state = 'done' order by completed_at desc limit 1`;

const insertUnlessWaiting = `
  with waiting as (
    select * from audit_verifications where state = 'running' and begun_at is null order by requested_at limit 1
  ), added as (
    insert into audit_verifications (id) select $1 where not exists (select from waiting) returning *
  )
  select * from waiting union all select * from added`;

type VerificationRow = Readonly<{
  id: string;
  state: Verification['state'];
  done: bigint;
  total: bigint;
  through: bigint | null;
  checkpoint: string | null;
  difference: FirstDifference | null;
  failure: VerificationFailure | null;
  completed_at: Date | null;
}>;

const verificationOf = ({ id, state, done, total, ...row }: VerificationRow): Verification => ({
  ...{ id, state, progress: { done: Number(done), total: Number(total) } },
  intact: state === 'done' ? row.difference === null : null,
  through: row.through === null ? null : String(row.through),
  ...{ checkpoint: row.checkpoint, firstDifference: row.difference, failure: row.failure },
  completedAt: row.completed_at,
});
