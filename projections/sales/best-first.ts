import type { ProductCounters } from './projection.js';

/** What was sold of a product in a currency; amounts are in minor units. */
export type ProductSales = Readonly<{ productId: string; currency: string }> & ProductCounters;

/** The same on one day. */
export type SalesOfProductOnDay = ProductSales & Readonly<{ day: string }>;

/** What several days come to: currency by currency, for amounts of two cannot be compared; the most revenue first. */
export const bestFirst = (days: readonly SalesOfProductOnDay[]): readonly ProductSales[] => {
  const sums = new Map<string, ProductSales>();
  for (const { productId, currency, quantity, revenue } of days) {
    const name = `${currency}/${productId}`;
    const before = sums.get(name) ?? { quantity: 0, revenue: 0 };
    sums.set(name, {
      productId,
      currency,
      quantity: before.quantity + quantity,
      revenue: before.revenue + revenue,
    });
  }
  return [...sums.values()].toSorted(
    (one, other) =>
      compare(one.currency, other.currency) || other.revenue - one.revenue || compare(one.productId, other.productId),
  );
};

const compare = (one: string, other: string) => (one < other ? -1 : Number(one > other));
