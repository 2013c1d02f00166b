import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { Postgres } from '../postgres/postgres.js';
import { erasureChannel, type ErasablePersonalKeys } from './personal-keys.js';

/** `listening` is kept once PostgreSQL tells of erasures for the first time. */
export type ErasureNotices = Readonly<{ listening: Promise<void>; stop: () => Promise<void> }>;

/**
 * Makes this process forget a person's key as soon as any process destroys it. A connection of its own listens; while
 * it is broken, keys are forgotten when their time in memory is over.
 */
export const followErasures = ({
  postgres,
  personalKeys,
}: Readonly<{ postgres: Postgres; personalKeys: Pick<ErasablePersonalKeys, 'forget'> }>): ErasureNotices => {
  const stopping = new AbortController();
  const { promise: listening, resolve: tellListening } = withResolver();

  const follow = async () => {
    const client = new pg.Client({ ...postgres.options, keepAlive: true });
    const ended = new Promise<void>((resolve) => client.once('end', resolve));
    const end = () => void client.end();
    client.on('error', () => undefined);
    client.on('notification', ({ payload }) => {
      if (payload !== undefined) personalKeys.forget(payload);
    });
    stopping.signal.addEventListener('abort', end);
    try {
      await client.connect();
      await client.query(`listen ${erasureChannel}`);
      // What was told before nobody heard.
      personalKeys.forget();
      tellListening();
      await ended;
    } catch {
      // PostgreSQL is away: the next round tries again.
      end();
    } finally {
      stopping.signal.removeEventListener('abort', end);
    }
  };

  const following = (async () => {
    while (!stopping.signal.aborted) {
      await follow();
      await wait(1_000, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();

  return {
    listening,
    stop: async () => {
      stopping.abort();
      await following;
    },
  };
};

const withResolver = () => {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
};
