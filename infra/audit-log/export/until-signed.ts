import { setTimeout as pause } from 'node:timers/promises';
import { DomainError } from '../../../domains/shared/errors.js';
import type { EventStore } from '../../event-store/event-store.js';
import type { Position } from '../../event-store/stored-event.js';
import type { Postgres } from '../../postgres/postgres.js';
import { TargetUnreachable } from '../checkpoint-target.js';
import { readHead } from '../log-head.js';

export type UntilSignedParts = Readonly<{
  eventStore: Pick<EventStore, 'readAll'>;
  postgres: Pick<Postgres, 'query'>;
  /** Signs what is logged, where this process keeps the log; where another does, that one signs before long. */
  sign: () => Promise<unknown>;
  /** Tests wait less long. */
  withinMs?: number;
}>;

/** The auditor logs some thousand events a second: whoever waits longer should know that it is far behind. */
const usuallyWithinMs = 30_000;
const lookEveryMs = 50;

/**
 * Waits until what is in the store now is logged and signed, and gives the note of that checkpoint, which is published;
 * `null` where nothing is in the store.
 *
 * @throws DomainError `service.unavailable` where that takes too long, or the checkpoint cannot be published;
 * `audit.tampered` where the store says that an event is damaged; the reason of `signal` once that is aborted.
 */
export const untilSigned = async (parts: UntilSignedParts, signal: AbortSignal): Promise<string | null> => {
  const { postgres, sign, withinMs = usuallyWithinMs } = parts;
  const until = performance.now() + withinMs;
  const last = await lastStored(parts, signal);
  if (last === null) return null;
  for (;;) {
    const latest = await latestCheckpoint(postgres);
    if (latest && latest.position >= last.commit) return latest.note;
    if (performance.now() > until)
      throw new DomainError('service.unavailable', 'The audit log is behind what is stored; try again later');
    if (((await readHead(postgres)).place?.commit ?? -1n) >= last.commit) await published(sign);
    await pause(lookEveryMs, undefined, { signal });
  }
};

const published = async (sign: () => Promise<unknown>) => {
  try {
    await sign();
  } catch (error) {
    if (!(error instanceof TargetUnreachable)) throw error;
    const refusal = new DomainError('service.unavailable', 'Checkpoints cannot be published now; try again later');
    refusal.cause = error;
    throw refusal;
  }
};

const lastStored = async (
  { eventStore, postgres }: UntilSignedParts,
  signal: AbortSignal,
): Promise<Position | null> => {
  const { place } = await readHead(postgres);
  let last = place;
  for await (const batch of eventStore.readAll({ after: place })) {
    signal.throwIfAborted();
    last = batch.at(-1)?.position ?? last;
  }
  return last;
};

/** Of those that lie where whoever can change PostgreSQL cannot take them back. */
const latestCheckpoint = async (postgres: Pick<Postgres, 'query'>) => {
  const { rows } = await postgres.query<Readonly<{ position: bigint; note: string }>>(
    'select position, note from audit_checkpoints where is_published order by size desc limit 1',
  );
  return rows[0];
};
