import { followLog, type FollowLogParts } from '../follow-log.js';
import type { LogHead } from '../log-head.js';
import type { AuditedStore } from './audited-store.js';

/** Test-only. Logs everything that the store holds now, and gives the head of the log then. */
export const logThrough = async (
  { postgres }: Pick<FollowLogParts, 'postgres'>,
  { eventStore }: Pick<AuditedStore, 'eventStore'>,
): Promise<LogHead> => {
  const last = await eventStore.head();
  const stop = new AbortController();
  let reached: LogHead | undefined;
  await followLog({ eventStore, postgres }, stop.signal, (head) => {
    reached = head;
    if ((head.place?.commit ?? -1n) >= (last?.commit ?? -1n)) stop.abort();
  });
  return reached as LogHead;
};
