import { isDomainError } from '../../domains/shared/errors.js';
import { formatToken } from '../../infra/consistency/consistency-token.js';
import { catalogCategories } from '../../projections/catalog/queries.js';
import { tagOf } from '../http/conditional.js';
import { freshnessOf } from '../http/freshness.js';
import type { Answer, GatewayRequest, Route } from '../http/route.js';
import type { CatalogChanges, Topic } from './catalog-changes.js';
import { keptForMs, type KeptAnswer, type PublicCache } from './public-cache.js';

export type CachedReadsParts = Readonly<{
  cache: PublicCache;
  changes: CatalogChanges;
  /** In milliseconds since 1970; for tests. */
  now?: () => number;
}>;

/** The reads that are cached, by their operations, and what each shows. */
const topics: Readonly<Record<string, (request: GatewayRequest) => Topic>> = {
  listProducts: () => 'products',
  getProduct: ({ params }) => `product ${String(params['id'])}`,
  listCategories: () => 'categories',
};

/**
 * The routes, of which the public reads of the catalog answer from a cache. An answer is believed for 60 s, unless an event
 * that may have changed it has come, or the caller asks for a fresher one: it is kept with the position up to which it
 * shows everything, so that a view that lags behind never fills the cache with what was. What nobody may keep on the way
 * without asking (`no-cache`) cannot outlive that either.
 *
 * Answers go on coming from the cache while MongoDB is away; without the event store nothing is known of changes, and
 * every read goes to MongoDB.
 */
export const withCachedReads = (routes: readonly Route[], parts: CachedReadsParts): readonly Route[] =>
  routes.map((route) => {
    const topicOf = topics[route.id];
    return topicOf === undefined ? route : cachedRead(route, topicOf, parts);
  });

const cachedRead = (
  route: Route,
  topicOf: (request: GatewayRequest) => Topic,
  { cache, changes, now = Date.now }: CachedReadsParts,
): Route => {
  if (route.access !== 'public') throw new Error(`${route.id} is not the same for everybody`);
  const underWay = new Map<string, Reading>();

  /** Whoever asks meanwhile for nothing fresher gets the same answer. */
  const readOnce = (key: string, at: bigint, request: GatewayRequest): Promise<KeptAnswer> => {
    const reading = underWay.get(key);
    if (reading && reading.at >= at) return reading.answer;
    const answer = readAt(at, request);
    const begun = { at, answer };
    underWay.set(key, begun);
    const end = () => {
      if (underWay.get(key) === begun) underWay.delete(key);
    };
    answer.then((kept) => cache.set(key, kept)).then(end, end);
    return answer;
  };

  const readAt = async (at: bigint, request: GatewayRequest): Promise<KeptAnswer> => {
    const readAtMs = now();
    const { headers = {}, body } = (await route.handle({ ...request, headers: asFreshAs(at) })) as Answer;
    const text = JSON.stringify(body);
    return { text, etag: headers['ETag'] ?? tagOf(text), at, readAt: readAtMs };
  };

  const uncached = async (request: GatewayRequest): Promise<Answer> => {
    const answer = (await route.handle(request)) as Answer;
    return { ...answer, headers: { ...answer.headers, ...caching } };
  };

  return {
    ...route,
    handle: async (request) => {
      const newest = changes.newestOf(topicOf(request));
      if (newest === undefined) return uncached(request);
      const at = furthest(newest, request);
      const key = keyOf(request);
      const kept = await cache.get(key);
      if (kept && kept.at >= at && now() - kept.readAt < keptForMs) return answerOf(kept, now());
      try {
        return answerOf(await readOnce(key, at, request), now());
      } catch (error) {
        if (!isOfTheView(error)) throw error;
        return uncached(request);
      }
    },
  };
};

type Reading = Readonly<{ at: bigint; answer: Promise<KeptAnswer> }>;

const caching = { 'Cache-Control': 'public, no-cache' };

const answerOf = ({ text, etag, readAt }: KeptAnswer, now: number): Answer => ({
  status: 200,
  headers: {
    'content-type': 'application/json',
    ...caching,
    ETag: etag,
    Age: String(Math.max(0, Math.floor((now - readAt) / 1_000))),
  },
  body: text,
});

/** Canonical: neither the order of what is asked nor how it was escaped matters. */
const keyOf = ({ pattern, params, query }: GatewayRequest): string =>
  JSON.stringify([pattern, params, Object.entries(Object(query) as object).sort(([a], [b]) => (a < b ? -1 : 1))]);

/** The position that an answer must show: the newest known, or a later one that the caller knows of. */
const furthest = (newest: bigint, { headers }: GatewayRequest): bigint => {
  const { after } = freshnessOf(headers);
  return catalogCategories.reduce((furthest, category) => {
    const position = after.get(category) ?? furthest;
    return position > furthest ? position : furthest;
  }, newest);
};

/** Asks as a caller would who knows of this position and does not wait for it. */
const asFreshAs = (position: bigint): GatewayRequest['headers'] => ({
  'x-consistency-token': formatToken([{ category: catalogCategories[0] ?? '', position: position.toString() }]),
  prefer: 'wait=0',
});

/** The view is not so far, or does not know: what the caller itself asked for is read. */
const isOfTheView = (error: unknown): boolean =>
  isDomainError(error) && (error.code === 'view.behind' || error.code === 'view.parked');
