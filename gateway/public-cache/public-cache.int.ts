import { randomUUID as randomId } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { createRedis, type Redis } from '../../infra/redis/redis.js';
import { startRedisForTests, type RedisForTests } from '../../infra/redis/testing/redis-for-tests.js';
import { query, type Answer, type GatewayRequest } from '../http/route.js';
import { withCachedReads } from './cached-reads.js';
import { createMemoryCache, keptForMs, type KeptAnswer, type PublicCache } from './public-cache.js';
import { createRedisCache } from './redis-cache.js';

let server: RedisForTests;
let redis: Redis;

beforeAll(async () => {
  server = await startRedisForTests();
  redis = createRedis(server.url, pino({ level: 'silent' }));
});
afterAll(async () => {
  redis.close();
  await server.kill();
});
beforeEach(() => until(true));

const until = async (isReady: boolean) => {
  while (redis.isReady() !== isReady) await pause(10);
};
const answer: KeptAnswer = {
  text: '{"name": "Große Tasse\\n"}',
  etag: '"mug-1"',
  at: 2n ** 60n,
  readAt: 1_800_000_000_000,
};

describe.each<[string, () => PublicCache]>([
  ['memory', () => createMemoryCache()],
  ['Redis', () => createRedisCache(redis)],
])('public answers in %s', (_where, make) => {
  it('come back as they were, by their keys', async () => {
    const [cache, key] = [make(), randomId()];
    const other = { ...answer, text: '[\n1, 2\r\n]\n', etag: 'W/"2"', at: 0n };
    expect(await cache.get(key)).toBeUndefined();
    await cache.set(key, answer);
    await cache.set(`${key} "ü"`, other);
    expect([await cache.get(key), await cache.get(`${key} "ü"`)]).toEqual([answer, other]);
  });

  it('are the last that was kept', async () => {
    const [cache, key] = [make(), randomId()];
    await cache.set(key, answer);
    await cache.set(key, { ...answer, text: '' });
    expect(await cache.get(key)).toEqual({ ...answer, text: '' });
  });
});

describe('public answers of several gateways', () => {
  /** One that has heard of the event at `heard`; its view shows all up to `view`, which its answers tell. */
  const startGateway = (id: string, shop: { heard: bigint | undefined; view: string }) => {
    const described = { id: 'getProduct', summary: '', access: 'public', answers: { status: 200 } } as const;
    const read = (): Promise<Answer<string>> => Promise.resolve({ status: 200, body: shop.view });
    const cache = createRedisCache(redis);
    const changes = { newestOf: () => shop.heard };
    const [cached] = withCachedReads([query('GET', '/products/:id', described, read as never)], { cache, changes });
    const request = { pattern: '/products/:id', params: { id }, query: {}, headers: {} } as unknown as GatewayRequest;
    return async () => ((await cached?.handle(request)) as Answer).body;
  };

  it('are shared', async () => {
    const id = randomId();
    await startGateway(id, { heard: 10n, view: 'of the first' })();
    expect(await startGateway(id, { heard: 10n, view: 'of the second' })()).toBe('"of the first"');
    expect(await startGateway(id, { heard: 9n, view: 'of one that has heard less' })()).toBe('"of the first"');
  });

  it('hold for none that has heard of a later event, nor for one that hears of none', async () => {
    const id = randomId();
    await startGateway(id, { heard: 10n, view: 'old' })();
    expect(await startGateway(id, { heard: undefined, view: 'unknown' })()).toBe('unknown');
    expect(await startGateway(id, { heard: 11n, view: 'new' })()).toBe('"new"');
    expect(await startGateway(id, { heard: 10n, view: 'older' })()).toBe('"new"');
  });

  it('are gone after a minute', async () => {
    const key = randomId();
    await createRedisCache(redis).set(key, answer);
    const left = await redis.ask(
      (client) => client.pTTL(`evermart:public:${key}`),
      () => 0,
    );
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(keptForMs);
  });

  it.each(['', 'nonsense', '1 2 "tag"', '-1 2 "tag"\n{}', '1 x "tag"\n{}'])(
    'are none where somebody else wrote %j',
    async (text) => {
      const key = randomId();
      await redis.ask(
        (client) => client.set(`evermart:public:${key}`, text),
        () => null,
      );
      expect(await createRedisCache(redis).get(key)).toBeUndefined();
      expect(redis.isReady()).toBe(true);
    },
  );
});

describe('public answers while Redis is away', () => {
  it.each<[string, () => Promise<void>, () => Promise<void>]>([
    ['was killed', () => server.kill(), () => server.start()],
    ['says nothing', () => server.freeze(), () => server.resume()],
  ])('are not found where it %s, and are kept again once it answers', async (_what, away, back) => {
    const [cache, key] = [createRedisCache(redis), randomId()];
    await cache.set(key, answer);
    await away();
    expect(await cache.get(key)).toBeUndefined();
    await until(false);
    await cache.set(key, answer);
    expect(await cache.get(key)).toBeUndefined();
    await back();
    await until(true);
    await cache.set(key, answer);
    expect(await cache.get(key)).toEqual(answer);
  });
});
