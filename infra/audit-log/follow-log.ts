import { setTimeout as pause } from 'node:timers/promises';
import type { EventStore } from '../event-store/event-store.js';
import type { Postgres } from '../postgres/postgres.js';
import { appendEntries } from './append-entries.js';
import { readHead, type LogHead } from './log-head.js';

export type FollowLogParts = Readonly<{ eventStore: Pick<EventStore, 'follow'>; postgres: Postgres }>;

/** Few enough that a batch never fills the memory, enough that a transaction for it costs little per event. */
const mostAtOnce = 1_000;

/** Events that come within so many milliseconds share a transaction: many small ones would cost more than the events. */
const gatherMs = 250;

/**
 * Logs every event after those that were logged, until `signal` aborts, and tells the head of the log at the start and
 * after each batch.
 *
 * @throws DomainError `service.unavailable` when the event store goes away or somebody else writes the log; the error of
 * PostgreSQL when that does.
 */
export const followLog = async (
  { eventStore, postgres }: FollowLogParts,
  signal: AbortSignal,
  onLogged: (head: LogHead) => void = () => undefined,
): Promise<void> => {
  let head = await readHead(postgres);
  onLogged(head);
  for await (const events of eventStore.follow('all', { after: head.place, most: mostAtOnce, signal })) {
    head = await appendEntries(postgres, head, events);
    onLogged(head);
    if (events.length < mostAtOnce) await pause(gatherMs, undefined, { signal }).catch(() => undefined);
  }
};
