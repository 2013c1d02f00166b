import { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { Postgres } from './postgres.js';

/** `listening` is kept once PostgreSQL tells for the first time. */
export type Listening = Readonly<{ listening: Promise<void>; stop: () => Promise<void> }>;

export type Hearing = Readonly<{ onListening: () => void; onNotification: (payload: string) => void }>;

/** A server that vanishes without a word ends no connection: it is asked again and again whether it is still there. */
const silentMs = 10_000;

/**
 * Hears what is told on a channel (`NOTIFY`), on a connection of its own that is made anew whenever it breaks.
 *
 * `onListening` is called each time that it begins to hear: what was told before is lost. Neither may throw.
 */
export const listenTo = (
  postgres: Pick<Postgres, 'options'>,
  channel: string,
  { onListening, onNotification }: Hearing,
  lookEveryMs = silentMs,
): Listening => {
  const stopping = new AbortController();
  const { promise: listening, resolve: tellListening } = withResolver();

  const follow = async () => {
    const socket = new Socket();
    const client = new pg.Client({ ...postgres.options, keepAlive: true, stream: () => socket });
    const ended = new Promise<void>((resolve) => client.once('end', resolve));
    // The client's own `end` would wait for a server that may be frozen.
    const end = () => socket.destroy();
    let looking: NodeJS.Timeout | undefined;
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
      looking = setInterval(() => void client.query(`listen ${channel}`).catch(end), lookEveryMs);
      await ended;
    } catch {
      // PostgreSQL is away: the next round tries again.
      end();
    } finally {
      clearInterval(looking);
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
