import { setTimeout as pause } from 'node:timers/promises';
import { readHead } from '../../audit-log/log-head.js';
import type { EventStore } from '../../event-store/event-store.js';
import type { Postgres } from '../../postgres/postgres.js';

/** Resolves once everything that the store holds is logged. */
export const logged = async (eventStore: Pick<EventStore, 'head'>, postgres: Postgres): Promise<void> => {
  const last = (await eventStore.head())?.commit ?? 0n;
  while (((await readHead(postgres)).place?.commit ?? -1n) < last) await pause(20);
};
