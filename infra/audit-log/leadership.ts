import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Postgres } from '../postgres/postgres.js';

/** Others wait so long before they ask again. */
const retryMs = 1_000;

/** A server that vanishes without a word ends no connection: it is asked again and again whether it is still there. */
const askEveryMs = 5_000;

const takeLock = `select pg_try_advisory_lock(hashtext('evermart-audit-log')) as is_leader`;

/**
 * Does `work` while no other process does, which a lock of PostgreSQL sees to that a connection of its own holds. `work`
 * gets a signal that says that it is to stop: `signal` was aborted, or the connection is gone and with it the lock.
 */
export const whileLeading = async (
  postgres: Pick<Postgres, 'options'>,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> => {
  const client = new pg.Client({ ...postgres.options, keepAlive: true });
  const lost = new AbortController();
  client.on('error', () => lost.abort()).on('end', () => lost.abort());
  try {
    await client.connect();
    const isLeader = async () => {
      const { rows } = await client.query<{ is_leader: boolean }>(takeLock);
      return rows[0]?.is_leader === true;
    };
    while (!(await isLeader())) {
      await pause(retryMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
    }
    const asking = setInterval(() => void client.query('select 1').catch(() => lost.abort()), askEveryMs);
    try {
      await work(AbortSignal.any([signal, lost.signal]));
    } finally {
      clearInterval(asking);
    }
  } finally {
    // A server that is frozen would not say goodbye.
    if (lost.signal.aborted) client.connection.stream.destroy();
    else await client.end();
  }
};
