import { DomainError } from '../../domains/shared/errors.js';
import type { Freshness } from '../../projections/shared/queries.js';
import { freshnessOf } from '../http/freshness.js';
import { query, type Answer, type GatewayRequest, type Route } from '../http/route.js';
import { withCachedReads } from './cached-reads.js';
import type { Topic } from './catalog-changes.js';
import { createMemoryCache } from './public-cache.js';

const behind = new DomainError('view.behind', 'Not yet');

/** A shop whose view is at `view`, whose newest event is at `newest`, and whose one product is called after the reads. */
const setUp = () => {
  const shop = {
    newest: 10n as bigint | undefined,
    view: 10n,
    time: 0,
    topics: new Set<Topic>(),
    error: null as Error | null,
  };
  const reads: Freshness[] = [];
  const terms = { summary: '', access: 'public', answers: { status: 200 } } as const;
  const read = (request: GatewayRequest): Promise<Answer<object>> => {
    const freshness = freshnessOf(request.headers);
    reads.push(freshness);
    if (shop.error !== null) return Promise.reject(shop.error);
    const wanted = freshness.after.get('product') ?? 0n;
    if (wanted > shop.view) return Promise.reject(behind);
    return Promise.resolve({
      status: 200,
      body: { name: `Mug ${reads.length}` },
      headers: { ETag: `"${reads.length}"` },
    });
  };
  const routes = [
    query('GET', '/products', { id: 'listProducts', ...terms }, read as never),
    query('GET', '/products/:id', { id: 'getProduct', ...terms }, read as never),
    query('GET', '/other', { id: 'getOther', ...terms }, read as never),
  ];
  const newestOf = (topic: Topic) => {
    shop.topics.add(topic);
    return shop.newest;
  };
  const cached = withCachedReads(routes, { cache: createMemoryCache(), changes: { newestOf }, now: () => shop.time });
  const get = async (asked: Partial<GatewayRequest> = {}, index = 0): Promise<Answer> => {
    const { pattern, handle } = cached[index] as Route;
    const request = { method: 'GET', pattern, params: {}, query: {}, headers: {}, ...asked };
    return await handle(request as GatewayRequest);
  };
  return { shop, reads, get };
};

const mug = (number: number) => JSON.stringify({ name: `Mug ${number}` });

describe('a public read', () => {
  it('is answered again as it was', async () => {
    const { shop, reads, get } = setUp();
    expect(await get()).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json', 'Cache-Control': 'public, no-cache', ETag: '"1"', Age: '0' },
      body: mug(1),
    });
    shop.time += 59_999;
    expect(await get()).toMatchObject({ headers: { Age: '59', ETag: '"1"' }, body: mug(1) });
    expect(reads).toEqual([{ after: new Map([['product', 10n]]), waitMs: 0 }]);
  });

  it('is made anew after a minute', async () => {
    const { shop, get } = setUp();
    await get();
    shop.time += 60_000;
    expect(await get()).toMatchObject({ body: mug(2) });
  });

  it('is made anew after an event that may change it', async () => {
    const { shop, get } = setUp();
    await get();
    shop.newest = shop.view = 11n;
    expect(await get()).toMatchObject({ body: mug(2) });
  });

  it('is not kept while the view is behind', async () => {
    const { shop, reads, get } = setUp();
    shop.newest = 11n;
    expect(await get()).toMatchObject({ body: { name: 'Mug 2' }, headers: { 'Cache-Control': 'public, no-cache' } });
    shop.view = 11n;
    expect(await get()).toMatchObject({ body: mug(3) });
    expect(await get()).toMatchObject({ body: mug(3) });
    expect(reads.map(({ after }) => after.get('product'))).toEqual([11n, undefined, 11n]);
  });

  it('is as fresh as a token asks, and waits as its caller wants', async () => {
    const { shop, reads, get } = setUp();
    await get();
    const headers = { 'x-consistency-token': '12.stock', prefer: 'wait=7' };
    expect(await get({ headers })).toMatchObject({ body: { name: 'Mug 3' } });
    expect(reads.at(-1)).toEqual({ after: new Map([['stock', 12n]]), waitMs: 7_000 });
    shop.view = 12n;
    expect(await get({ headers })).toMatchObject({ body: mug(4) });
    expect(await get({ headers: { 'x-consistency-token': '12.product,99.order' } })).toMatchObject({ body: mug(4) });
  });

  it('is not cached while nobody knows of changes', async () => {
    const { shop, get } = setUp();
    await get();
    shop.newest = undefined;
    expect(await get()).toMatchObject({ body: { name: 'Mug 2' } });
  });

  it('is made once for all who ask at once', async () => {
    const { shop, reads, get } = setUp();
    const asked = [get(), get(), get()];
    expect((await Promise.all(asked)).map(({ body }) => body)).toEqual([mug(1), mug(1), mug(1)]);
    shop.time += 60_000;
    const early = get();
    shop.newest = shop.view = 11n;
    expect((await Promise.all([early, get()])).map(({ body }) => body)).toEqual([mug(2), mug(3)]);
    expect(reads).toHaveLength(3);
  });

  it('is told apart by its path and what it asks for, in any order', async () => {
    const { shop, get } = setUp();
    await get({ query: { q: 'mug', limit: 5 } });
    expect(await get({ query: { limit: 5, q: 'mug' } })).toMatchObject({ body: mug(1) });
    expect(await get({ query: { q: 'mug' } })).toMatchObject({ body: mug(2) });
    expect(await get({ params: { id: 'p1' } }, 1)).toMatchObject({ body: mug(3) });
    expect(await get({ params: { id: 'p2' } }, 1)).toMatchObject({ body: mug(4) });
    expect([...shop.topics]).toEqual(['products', 'product p1', 'product p2']);
  });

  it('goes on from the cache while its store is away, and what failed is asked again', async () => {
    const { shop, get } = setUp();
    await get();
    shop.error = new DomainError('service.unavailable', 'MongoDB does not answer');
    expect(await get()).toMatchObject({ body: mug(1) });
    await expect(get({ query: { q: 'cup' } })).rejects.toBe(shop.error);
    shop.error = null;
    expect(await get({ query: { q: 'cup' } })).toMatchObject({ body: mug(3) });
  });
});

it('leaves other reads alone', async () => {
  const { reads, get } = setUp();
  await get({}, 2);
  expect(await get({}, 2)).toMatchObject({ body: { name: 'Mug 2' } });
  expect(reads).toHaveLength(2);
});

it('keeps no answer that is not the same for everybody', () => {
  const terms = { id: 'getProduct', summary: '', access: 'signed_in', answers: { status: 200 } } as const;
  const route = query('GET', '/products/:id', terms, () => Promise.resolve({ status: 200 }) as never);
  const parts = { cache: createMemoryCache(), changes: { newestOf: () => 0n } };
  expect(() => withCachedReads([route], parts)).toThrow('not the same for everybody');
});

it('keeps no more than so many bytes', async () => {
  const cache = createMemoryCache(2_000);
  const answer = { text: 'x'.repeat(600), etag: '"1"', at: 0n, readAt: 0 };
  await cache.set('first', answer);
  await cache.set('second', answer);
  expect([await cache.get('first'), await cache.get('second')]).toEqual([undefined, answer]);
});
