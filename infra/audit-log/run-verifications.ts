import { isDomainError } from '../../domains/shared/errors.js';
import type { EventStore } from '../event-store/event-store.js';
import type { Log } from '../logging/log.js';
import { isPostgresAway, type Postgres } from '../postgres/postgres.js';
import { TargetUnreachable } from './checkpoint-target.js';
import type { Checkpoints } from './checkpoints.js';
import type { FirstDifference } from './first-difference.js';
import type { VerificationFailure } from './verifications.js';
import { verifyLog } from './verify-log.js';

export type RunVerificationsParts = Readonly<{
  eventStore: Pick<EventStore, 'readAll'>;
  postgres: Postgres;
  checkpoints: Checkpoints;
  log: Log;
}>;

/**
 * Does all that was asked for, one after the other; those that an auditor left behind again from the beginning.
 *
 * @throws DomainError `service.unavailable`, or the error of PostgreSQL, when the event store or that goes away: what was
 * under way stays so.
 */
export const runVerifications = async (parts: RunVerificationsParts, signal: AbortSignal): Promise<void> => {
  for (let id = await nextOf(parts); id !== null && !signal.aborted; id = await nextOf(parts))
    await run(id, parts, signal);
};

const nextOf = async ({ postgres }: RunVerificationsParts): Promise<string | null> => {
  const { rows } = await postgres.query<Readonly<{ id: string }>>(
    `select id from audit_verifications where state = 'running' order by requested_at limit 1`,
  );
  return rows[0]?.id ?? null;
};

const run = async (id: string, parts: RunVerificationsParts, signal: AbortSignal): Promise<void> => {
  const { postgres, checkpoints, log } = parts;
  const rows = rowOf(postgres, id);
  try {
    const signedLog = await begun(rows, checkpoints);
    const difference = signedLog && (await verifyLog(parts, signedLog, progressOf(rows, signal)));
    const events = signedLog?.latest?.size ?? 0;
    await rows.complete(events, difference);
    if (difference) log.error({ verification: id, ...difference }, 'the record is not what was logged and signed');
    else log.info({ verification: id, events }, 'the record is intact');
  } catch (error) {
    if (signal.aborted) return;
    // It is begun anew once they are there again.
    if (isAway(error)) throw error;
    const failure = error instanceof TargetUnreachable ? 'checkpoints_unreachable' : 'internal_error';
    log.error({ verification: id, err: error, failure }, 'a verification came to no result');
    await rows.fail(failure);
  }
};

/** Whether PostgreSQL or the event store is away: anything else would come again, however often it is tried. */
const isAway = (error: unknown): boolean =>
  isPostgresAway(error) || (isDomainError(error) && error.code === 'service.unavailable');

/** Nobody waits for what is asked from here on: what comes meanwhile is for the next. */
const begun = async (rows: OpenRow, checkpoints: Checkpoints) => {
  await rows.begin();
  const signedLog = await checkpoints.gather();
  if (signedLog?.latest) await rows.extend(signedLog.latest);
  return signedLog;
};

const tellEveryMs = 1_000;

const progressOf = (rows: OpenRow, signal: AbortSignal) => {
  let told = performance.now();
  return async (done: number): Promise<void> => {
    signal.throwIfAborted();
    if (performance.now() - told < tellEveryMs) return;
    told = performance.now();
    await rows.progress(done);
  };
};

type OpenRow = ReturnType<typeof rowOf>;

const rowOf = (postgres: Postgres, id: string) => {
  const change = async (text: string, ...values: readonly unknown[]) => {
    await postgres.query(`update audit_verifications set ${text} where id = $1 and state = 'running'`, [id, ...values]);
  };
  return {
    begin: () => change('begun_at = clock_timestamp()'),
    extend: ({ size, position, note }: Readonly<{ size: number; position: bigint; note: string }>) =>
      change('done = 0, total = $2, through = $3, checkpoint = $4', size, position, note),
    progress: (done: number) => change('done = $2', done),
    complete: (done: number, difference: FirstDifference | null) =>
      change(`state = 'done', done = $2, difference = $3, completed_at = clock_timestamp()`, done, difference),
    fail: (failure: VerificationFailure) =>
      change(`state = 'failed', failure = $2, completed_at = clock_timestamp()`, failure),
  };
};
