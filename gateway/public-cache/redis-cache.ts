import type { Redis } from '../../infra/redis/redis.js';
import { keptForMs, type KeptAnswer, type PublicCache } from './public-cache.js';

/**
 * Keeps answers in a Redis that several gateways share. What one of them wrote holds for the others by the position that
 * it shows: one that knows of a later event asks its view. While Redis is away nothing is found.
 */
export const createRedisCache = (redis: Redis): PublicCache => ({
  get: async (key) => {
    const kept = await redis.ask<string | null>(
      (client) => client.get(nameOf(key)),
      () => null,
    );
    return kept === null ? undefined : answerFrom(kept);
  },
  set: async (key, answer) => {
    await redis.ask<unknown>(
      (client) => client.set(nameOf(key), textOf(answer), { expiration: { type: 'PX', value: keptForMs } }),
      () => null,
    );
  },
});

const nameOf = (key: string) => `evermart:public:${key}`;

/** One line about the answer, and then the answer: a tag has no spaces and no line breaks (RFC 9110, 8.8.3). */
const textOf = ({ at, readAt, etag, text }: KeptAnswer): string => `${at} ${readAt} ${etag}\n${text}`;

/** Others may write to that Redis as well: what is no answer is none. */
const answerFrom = (kept: string): KeptAnswer | undefined => {
  const [head, at = '', readAt, etag = ''] = /^(\d+) (\d+) (\S+)\n/.exec(kept) ?? [];
  return head === undefined
    ? undefined
    : { at: BigInt(at), readAt: Number(readAt), etag, text: kept.slice(head.length) };
};
