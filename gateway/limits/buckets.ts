import type { Redis } from '../../infra/redis/redis.js';
import { createMemoryBuckets, type Buckets } from './memory-buckets.js';
import { createRedisBuckets } from './redis-buckets.js';

/** Buckets that all gateways share where there is a Redis, and that are in memory while it is away. */
export const createBuckets = (redis?: Redis): Buckets =>
  redis ? createRedisBuckets(redis, createMemoryBuckets()) : createMemoryBuckets();
