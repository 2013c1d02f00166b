import { createHash } from 'node:crypto';
import type { Redis, RedisClient } from '../../infra/redis/redis.js';
import type { Buckets, MemoryBuckets } from './memory-buckets.js';
import { told, type BucketRules, type Told } from './token-bucket.js';

/**
 * The rule of `token-bucket.ts` by the clock of Redis, in one step: -1 takes a token where there is one, 1 gives one
 * back. A bucket goes once it would be full.
 */
const script = `
local per_second, burst, change = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens, at = tonumber(kept[1] or burst), tonumber(kept[2] or now)
tokens = math.min(burst, tokens + math.max(0, now - at) * per_second / 1000)
local taken = tokens + change >= 0
if taken then tokens = math.min(burst, tokens + change) end
local full = math.ceil((burst - tokens) / per_second * 1000)
redis.call('HSET', KEYS[1], 'tokens', string.format('%.17g', tokens), 'at', string.format('%.3f', math.max(now, at)))
redis.call('PEXPIRE', KEYS[1], full + 1)
return { taken and 1 or 0, string.format('%.17g', tokens) }`;

const sha = createHash('sha1').update(script).digest('hex');

/** Buckets in Redis; those of `otherwise` while it is away. */
export const createRedisBuckets = (redis: Redis, otherwise: MemoryBuckets): Buckets => ({
  take: (name, rules) =>
    redis.ask<Told>(
      async (client) => {
        const [taken, tokens] = await run(client, name, rules, -1);
        return told(rules, Number(tokens), taken === 1);
      },
      () => otherwise.take(name, rules),
    ),
  giveBack: (name, rules) =>
    redis.ask<unknown>(
      (client) => run(client, name, rules, 1),
      () => otherwise.giveBack(name, rules),
    ),
});

const run = async (client: RedisClient, name: string, { perSecond, burst }: BucketRules, change: -1 | 1) => {
  const given = { keys: [`evermart:bucket:${name}`], arguments: [perSecond, burst, change].map(String) };
  try {
    return (await client.evalSha(sha, given)) as unknown as [number, string];
  } catch (error) {
    if (!(error as Error).message.startsWith('NOSCRIPT')) throw error;
    return (await client.eval(script, given)) as unknown as [number, string];
  }
};
