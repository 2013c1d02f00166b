import { setImmediate as afterInput, setTimeout as pause } from 'node:timers/promises';
import { createClient, ErrorReply, type RedisClientType } from '@redis/client';
import type { Log } from '../logging/log.js';
import { within } from '../process/within.js';

/** A Redis that may be away at any time: nobody waits for it, and whatever is in it can be lost. */
export type Redis = Readonly<{
  /**
   * Gives what `work` gives, or what `otherwise` gives where Redis is away, refuses, or does not answer soon. After a
   * failure nobody asks it until it has answered again.
   */
  ask: <Result>(work: (client: RedisClient) => Promise<Result>, otherwise: () => Result) => Promise<Result>;
  /** Whether it is asked now. */
  isReady: () => boolean;
  close: () => void;
}>;

export type RedisClient = RedisClientType;

/** The most that a request waits, the first to find that Redis is away. */
const answerWithinMs = 100;

/** How often one that is away is looked for. */
const lookEveryMs = 500;

/** A connection without traffic for so long is given up; on one that lives there is a ping before that. */
const silentMs = 3_000;

/** Connects at once, and again whenever the connection breaks. */
export const createRedis = (url: string, log: Log): Redis => {
  const client: RedisClientType = createClient({
    url,
    disableOfflineQueue: true,
    pingInterval: silentMs / 3,
    socket: { connectTimeout: silentMs, socketTimeout: silentMs, reconnectStrategy: lookEveryMs },
  });
  let isAsked = false;
  let isClosed = false;
  let looking: Promise<void> | undefined;

  const find = async (afterMs: number) => {
    if (afterMs > 0) await pause(afterMs, undefined, { ref: false });
    while (!isClosed && !(await answersSoon(client))) await pause(lookEveryMs, undefined, { ref: false });
    if (isClosed) return;
    isAsked = true;
    log.info('redis answers');
  };
  const look = (afterMs = 0) => {
    looking ??= find(afterMs).finally(() => {
      looking = undefined;
    });
    return looking;
  };
  const giveUp = (error: unknown) => {
    if (isClosed) return;
    if (isAsked) log.warn({ err: error }, 'redis is away');
    isAsked = false;
    // One that refuses (`OOM`, `READONLY`) answers a ping all the same: it gets time to become well.
    void look(error instanceof ErrorReply ? lookEveryMs : 0);
  };

  client.on('error', giveUp);
  // It tries for ever: it rejects only where it is closed before it was ever reached.
  client.connect().then(() => look(), giveUp);
  return {
    ask: async (work, otherwise) => {
      if (!isAsked) return otherwise();
      try {
        const answer = work(client);
        const result = await within(answerWithinMs, answer, late);
        if (result !== late) return result;
        // Where it is this process that was late, the answer has come and was not looked at yet.
        const come = await Promise.race([answer, afterInput(late)]);
        if (come !== late) return come;
        giveUp(new RedisSilent());
      } catch (error) {
        giveUp(error);
      }
      return otherwise();
    },
    isReady: () => isAsked,
    close: () => {
      isClosed = true;
      isAsked = false;
      client.destroy();
    },
  };
};

const late = Symbol('late');

/** It waits for whatever becomes of the ping: another one would keep a dead connection from being given up. */
const answersSoon = async (client: RedisClient): Promise<boolean> => {
  const began = performance.now();
  try {
    await client.ping();
    return performance.now() - began < answerWithinMs;
  } catch {
    return false; // whatever the reason: it cannot be asked
  }
};

class RedisSilent extends Error {
  override readonly name = 'RedisSilent';
}
