import { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { Postgres } from './postgres.js';

/** `listening` is kept once PostgreSQL tells for the first time. */
export type Listening = Readonly<{ listening: Promise<void>; stop: () => Promise<void> }>;

/**
 * Hears what is told on a channel (`NOTIFY`), on a connection of its own that is made anew whenever it breaks.
 *
 * `onListening` is called each time that it begins to hear: what was told before is lost. Neither may throw.
 */
export const listenTo = (
  postgres: Pick<Postgres, 'options'>,
  channel: string,
  { onListening, onNotification }: Readonly<{ onListening: () => void; onNotification: (payload: string) => void }>,
): Listening => {
  const stopping = new AbortController();
  const { promise: listening, resolve: tellListening } = withResolver();

  const follow = async () => {
    const socket = new Socket();
    const client = new pg.Client({ ...postgres.options, keepAlive: true, stream: () => socket });
    const ended = new Promise<void>((resolve) => client.once('end', resolve));
    // The client's own `end` would wait for a server that may be frozen.
    const end = () => socket.destroy();
    client.on('error', () => undefined);
    client.on('notification', ({ payload }) => {
      if (payload !== undefined) onNotification(payload);
    });
    stopping.signal.addEventListener('abort', end);
    try {
      await client.connect();
      await client.query(`listen ${channel}`);
      onListening();
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
