import type { IncomingMessage } from 'node:http';
import { types } from 'node:util';
import { isDomainError, type ErrorCode } from '../../domains/shared/errors.js';
import type { Caller } from '../../infra/security/access-tokens.js';
import { authenticate, recalled, type TokenReader } from '../http/authenticate.js';
import { anonymous, type Route } from '../http/route.js';
import { createMemoryBuckets, type Buckets } from './memory-buckets.js';
import { LimitReached } from './limit-reached.js';
import { routeClassOf, type RouteClass } from './route-class.js';
import type { BucketRules, Told } from './token-bucket.js';

/** Headers that an answer will have whatever it is. */
export type AnswerHeaders = Record<string, string>;

/** Lets a request in: says whose it is. @throws DomainError `rate.limited`, and what `authenticate` throws. */
export type Admit = (
  request: Pick<IncomingMessage, 'headers'>,
  address: string,
  answer: AnswerHeaders,
) => Promise<Caller>;

/** Lets in what one route is asked for, within the limits of its class. */
export type RateLimits = (route: Pick<Route, 'access' | 'pattern' | 'method' | 'isRaw'>, tokens: TokenReader) => Admit;

/** What is let through of each class of routes from each client, where nothing else is set. */
export const defaultRate: BucketRules = { perSecond: 100, burst: 150 };

/**
 * A bucket for each client and class of routes. A client is a person, told by a token that is ours, or else an address.
 *
 * Looking at a signature costs more than all else about a small request. So whoever comes with a token that was not seen
 * before takes from a bucket of the address first, and gives it back where the token is good: forged ones run dry. That
 * bucket guards this process, and is always in its memory.
 */
export const createRateLimits = (
  rate: BucketRules = defaultRate,
  buckets: Buckets = createMemoryBuckets(),
): RateLimits => {
  const unverified = limitOf('unverified', rate);
  const guards = createMemoryBuckets();
  return (route, tokens) => {
    const { access } = route;
    const routeClass = routeClassOf(route);
    if (routeClass === null) return ({ headers }) => authenticate(access, headers.authorization, tokens);
    const limit = limitOf(routeClass, rate);

    const firstSeen = async (authorization: string | undefined, address: string, answer: AnswerHeaders) => {
      settle(unverified, guards.take(address, rate), answer);
      try {
        const caller = await authenticate(access, authorization, tokens);
        guards.giveBack(address, rate);
        return caller;
      } catch (error) {
        if (!isOfToken(error)) guards.giveBack(address, rate);
        throw error;
      }
    };

    const callerOf = (authorization: string | undefined, address: string, answer: AnswerHeaders) =>
      access === 'public'
        ? anonymous
        : (recalled(access, authorization, tokens) ?? firstSeen(authorization, address, answer));

    return async ({ headers }, address, answer) => {
      const found = callerOf(headers.authorization, address, answer);
      // What is known at once is not waited for: every promise is felt in a request.
      const caller = isPromise(found) ? await found : found;
      const client = access === 'public' ? address : `user ${caller.userId}`;
      const told = buckets.take(`${routeClass}:${client}`, limit.rules);
      settle(limit, isPromise(told) ? await told : told, answer);
      return caller;
    };
  };
};

/** Whether it is the token that was no good, rather than what was asked for with it or what had to be asked about it. */
const isOfToken = (error: unknown): boolean => isDomainError(error) && ofToken.has(error.code);

const ofToken: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  ...(['auth.missing_token', 'auth.invalid_token', 'auth.expired_token', 'auth.revoked_token'] as const),
]);

const { isPromise } = types;

type Limit = Readonly<{ name: string; rules: BucketRules; policy: string }>;

/** A registration makes a password's hash and takes a name for good: a tenth of the others is let through. */
const limitOf = (name: RouteClass | 'unverified', { perSecond, burst }: BucketRules): Limit => {
  const rules =
    name === 'registrations'
      ? { perSecond: perSecond / 10, burst: Math.max(1, Math.floor(burst / 10)) }
      : { perSecond, burst };
  return { name, rules, policy: `"${name}";q=${rules.burst};w=${Math.ceil(rules.burst / rules.perSecond)}` };
};

/** Tells the client how it stands (draft-ietf-httpapi-ratelimit-headers-10), and refuses where nothing is left. */
const settle = ({ name, policy }: Limit, { isTaken, left, waitMs, fullMs }: Told, answer: AnswerHeaders) => {
  answer['RateLimit-Policy'] = policy;
  answer['RateLimit'] = `"${name}";r=${left};t=${Math.ceil(fullMs / 1_000)}`;
  if (!isTaken) throw new LimitReached('rate.limited', 'Too many requests; wait as long as Retry-After says', waitMs);
};
