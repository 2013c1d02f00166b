import { performance } from 'node:perf_hooks';
import { LRUCache } from 'lru-cache';
import type { Log } from '../logging/log.js';
import {
  admit,
  newBreaker,
  record,
  type Breaker,
  type BreakerRules,
  type Outcome,
} from '../resilience/circuit-breaker.js';
import type { Discovery } from '../service-registry/discovery.js';

/** An instance that may be called; whoever takes it tells what the call came to. */
export type Instance = Readonly<{ url: string; tell: (outcome: Outcome) => void }>;

/** Why there is none: nobody offers the context, or the circuits to all who do are open. */
export type NoInstance = 'none' | 'open';

export type Instances = Readonly<{
  /** The next instance of a context, in turn, whose circuit lets a call through. @throws DomainError as discovery does. */
  next: (context: string) => Promise<Instance | NoInstance>;
}>;

export type InstancesSettings = Readonly<{
  discovery: Discovery;
  rules: BreakerRules;
  log: Log;
  /** In milliseconds; for tests. */
  now?: () => number;
}>;

/** Ports change at every restart: a circuit that is forgotten begins anew, closed. */
const mostKnown = 1_000;

/** Takes the instances of a context in turn, past those whose circuits are open. Each URL has its own. */
export const createInstances = ({
  discovery,
  rules,
  log,
  now = () => performance.now(),
}: InstancesSettings): Instances => {
  const turns = new Map<string, number>();
  const breakers = new LRUCache<string, Breaker>({ max: mostKnown });

  const keep = (url: string, breaker: Breaker) => {
    const before = breakers.get(url)?.state ?? newBreaker.state;
    if (breaker.state === 'open' && before !== 'open') log.warn({ url }, 'does not answer; its circuit is open');
    if (breaker.state === 'closed' && before !== 'closed') log.info({ url }, 'answers again; its circuit is closed');
    breakers.set(url, breaker);
  };

  const take = (url: string): Instance | null => {
    const { breaker, round } = admit(breakers.get(url) ?? newBreaker, now(), rules);
    if (round === null) return null;
    keep(url, breaker);
    return {
      url,
      tell: (outcome) => keep(url, record(breakers.get(url) ?? newBreaker, { round, outcome, now: now() }, rules)),
    };
  };

  return {
    next: async (context) => {
      const urls = await discovery.instancesOf(context);
      const turn = turns.get(context) ?? 0;
      turns.set(context, turn + 1);
      for (const [index] of urls.entries()) {
        const instance = take(urls[(turn + index) % urls.length] as string);
        if (instance) return instance;
      }
      return urls.length === 0 ? 'none' : 'open';
    },
  };
};
