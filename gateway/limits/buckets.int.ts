import { randomUUID as randomId } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { createRedis, type Redis } from '../../infra/redis/redis.js';
import { startRedisForTests, type RedisForTests } from '../../infra/redis/testing/redis-for-tests.js';
import { createBuckets } from './buckets.js';
import { createMemoryBuckets, type Buckets } from './memory-buckets.js';

const log = pino({ level: 'silent' });
let server: RedisForTests;
let redis: Redis;

beforeAll(async () => {
  server = await startRedisForTests();
  redis = createRedis(server.url, log);
});
afterAll(async () => {
  redis.close();
  await server.kill();
});

const until = async (isReady: boolean) => {
  while (redis.isReady() !== isReady) await pause(10);
};
/** So slow that no test sees a token come back by itself. */
const rules = { perSecond: 0.001, burst: 3 };
const takeAll = (buckets: Buckets, name: string, count: number) =>
  Promise.all(Array.from({ length: count }, async () => buckets.take(name, rules)));
const taken = (all: readonly Readonly<{ isTaken: boolean }>[]) => all.filter(({ isTaken }) => isTaken).length;

describe.each<[string, () => Buckets]>([
  ['memory', () => createMemoryBuckets()],
  ['Redis', () => createBuckets(redis)],
])('buckets in %s', (_where, make) => {
  beforeEach(() => until(true));

  it('give their burst to however many ask at once, and say how long to wait then', async () => {
    const [buckets, name] = [make(), randomId()];
    expect(taken(await takeAll(buckets, name, 10))).toBe(3);
    const { isTaken, left, waitMs, fullMs } = await buckets.take(name, rules);
    expect({ isTaken, left }).toEqual({ isTaken: false, left: 0 });
    expect(waitMs).toBeGreaterThan(900_000);
    expect(waitMs).toBeLessThanOrEqual(1_000_000);
    expect(fullMs).toBeGreaterThan(2_900_000);
  });

  it('say how many tokens are left', async () => {
    const [buckets, name] = [make(), randomId()];
    expect(await buckets.take(name, rules)).toMatchObject({ isTaken: true, left: 2, waitMs: 0 });
  });

  it('are each of their own', async () => {
    const buckets = make();
    await takeAll(buckets, randomId(), 5);
    expect(await buckets.take(randomId(), rules)).toMatchObject({ isTaken: true });
  });

  it('take back what was taken, up to their burst', async () => {
    const [buckets, name] = [make(), randomId()];
    await takeAll(buckets, name, 3);
    await buckets.giveBack(name, rules);
    expect(taken(await takeAll(buckets, name, 3))).toBe(1);
    for (let given = 0; given < 5; given += 1) await buckets.giveBack(name, rules);
    expect(taken(await takeAll(buckets, name, 10))).toBe(3);
  });

  it('fill up again', async () => {
    const [buckets, name, quick] = [make(), randomId(), { perSecond: 200, burst: 1 }];
    while ((await buckets.take(name, quick)).isTaken) await pause(0);
    let told = await buckets.take(name, quick);
    while (!told.isTaken) {
      await pause(1);
      told = await buckets.take(name, quick);
    }
    expect(told).toMatchObject({ left: 0, fullMs: 5 });
  });
});

describe('buckets of several gateways', () => {
  it('are the same in Redis', async () => {
    const name = randomId();
    await takeAll(createBuckets(redis), name, 2);
    expect(taken(await takeAll(createBuckets(redis), name, 5))).toBe(1);
  });
});

describe('buckets while Redis is away', () => {
  it.each<[string, () => Promise<void>, () => Promise<void>]>([
    ['was killed', () => server.kill(), () => server.start()],
    ['says nothing', () => server.freeze(), () => server.resume()],
  ])('are in memory where it %s, and in Redis again once it answers', async (_what, away, back) => {
    const [buckets, name] = [createBuckets(redis), randomId()];
    await takeAll(buckets, name, 1);
    await away();
    expect(taken(await takeAll(buckets, name, 10))).toBe(3);
    await until(false);
    expect(taken(await takeAll(buckets, name, 10))).toBe(0);
    await back();
    await until(true);
    const shared = randomId();
    await takeAll(buckets, shared, 2);
    expect(taken(await takeAll(createBuckets(redis), shared, 5))).toBe(1);
  });
});
