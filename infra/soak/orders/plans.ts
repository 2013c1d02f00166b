import type { Random } from '../../event-store-server/faults/random.js';

/** What is to happen with one order, as far as that is up to people: decided before it is placed. */
export type OrderPlan = Readonly<{
  lines: readonly Readonly<{ product: number; quantity: number }>[];
  /** The method it is placed with, and those that are offered, each after the decline of the one before. */
  methods: readonly [string, ...string[]];
  /** Offered as soon as it is placed, whether anybody wants it or not. */
  earlyMethod: string | null;
  /** The request is sent twice at once, under one key. */
  isSentTwice: boolean;
  cancel: Readonly<{ by: 'customer' | 'staff'; afterMs: number }> | null;
  /** What staff have its saga do. */
  staffWants: Readonly<{ what: 'retry' | 'skip' | 'abort'; afterMs: number }> | null;
  /** What staff refund once it is paid: that many times a part, at once, or whatever is left. */
  refunds: Readonly<{ parts: number } | { all: true }> | null;
  /** How far it is carried. */
  until: 'PAID' | 'SHIPPED' | 'DELIVERED' | 'RETURNED';
}>;

/** Of each so many in a hundred. */
const firstMethods = {
  pm_ok: 40,
  pm_declined: 12,
  pm_insufficient_funds: 8,
  pm_slow: 8,
  pm_timeout: 10,
  pm_flaky: 12,
  pm_capture_fails: 10,
};
const laterMethods = {
  ...firstMethods,
  pm_ok: 60,
  pm_declined: 4,
  pm_insufficient_funds: 4,
  pm_slow: 4,
  pm_timeout: 6,
};
const declined: readonly string[] = ['pm_declined', 'pm_insufficient_funds'];

/** So long after it was placed somebody intervenes at most: when most orders are paid. */
const longestMs = 4_000;

/** A plan by chance, for an order of a shop with so many products. */
export const planOf = (random: Random, products: number): OrderPlan => {
  const isSo = (percent: number) => random.between(1, 100) <= percent;
  const afterMs = () => random.between(0, longestMs);
  return {
    lines: linesOf(random, products),
    methods: methodsOf(random),
    earlyMethod: isSo(5) ? weighted(random, laterMethods) : null,
    isSentTwice: isSo(10),
    cancel: isSo(20) ? { by: random.oneOf(['customer', 'staff']), afterMs: afterMs() } : null,
    staffWants: isSo(15) ? { what: random.oneOf(['retry', 'skip', 'abort']), afterMs: afterMs() } : null,
    refunds: isSo(15) ? (isSo(50) ? { parts: random.between(1, 3) } : { all: true }) : null,
    until: random.oneOf(['PAID', 'SHIPPED', 'DELIVERED', 'RETURNED']),
  };
};

const linesOf = (random: Random, products: number): OrderPlan['lines'] => {
  const first = random.between(0, products - 1);
  const count = random.between(1, 3);
  return Array.from({ length: count }, (_, line) => ({
    product: (first + line) % products,
    quantity: random.between(1, 3),
  }));
};

/** After a decline another method is offered more often than not. */
const methodsOf = (random: Random): OrderPlan['methods'] => {
  const methods: [string, ...string[]] = [weighted(random, firstMethods)];
  while (declined.includes(methods.at(-1) ?? '') && random.between(1, 3) > 1)
    methods.push(weighted(random, laterMethods));
  return methods;
};

const weighted = (random: Random, weights: Readonly<Record<string, number>>): string =>
  random.oneOf(Object.entries(weights).flatMap(([name, weight]) => Array.from({ length: weight }, () => name)));
