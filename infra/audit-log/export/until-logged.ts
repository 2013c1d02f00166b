import { setTimeout as pause } from 'node:timers/promises';
import { DomainError } from '../../../domains/shared/errors.js';
import type { EventStore } from '../../event-store/event-store.js';
import type { Position } from '../../event-store/stored-event.js';
import type { Postgres } from '../../postgres/postgres.js';
import { readHead } from '../log-head.js';

export type UntilLoggedParts = Readonly<{
  eventStore: Pick<EventStore, 'readAll'>;
  postgres: Pick<Postgres, 'query'>;
  /** Tests wait less long. */
  withinMs?: number;
}>;

/** The auditor logs some thousand events a second: whoever waits longer should know that it is far behind. */
const usuallyWithinMs = 30_000;
const lookEveryMs = 50;

/**
 * Waits until the log has what is in the store now.
 *
 * @throws DomainError `service.unavailable` where that takes too long.
 */
export const untilLogged = async (
  { eventStore, postgres, withinMs = usuallyWithinMs }: UntilLoggedParts,
  signal: AbortSignal,
): Promise<void> => {
  const until = performance.now() + withinMs;
  const last = await lastAfter(eventStore, (await readHead(postgres)).place);
  if (last === null) return;
  while (((await readHead(postgres)).place?.commit ?? -1n) < last.commit) {
    if (performance.now() > until)
      throw new DomainError('service.unavailable', 'The audit log is behind what is stored; try again later');
    await pause(lookEveryMs, undefined, { signal });
  }
};

/** Where the last event is that is to be logged after a place; `null` where there is none. */
const lastAfter = async (eventStore: Pick<EventStore, 'readAll'>, after: Position | null): Promise<Position | null> => {
  let last: Position | null = null;
  for await (const batch of eventStore.readAll({ after })) last = batch.at(-1)?.position ?? last;
  return last;
};
