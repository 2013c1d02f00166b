import type { Postgres } from '../../infra/postgres/postgres.js';
import { readPostgresView } from '../shared/postgres-view.js';
import { asItIs, type Freshness } from '../shared/queries.js';
import { bestFirst, type ProductSales } from './best-first.js';
import { sales, type DayCounters, type ProductCounters } from './projection.js';

export type { ProductSales } from './best-first.js';

/** What was sold on a day (UTC) in a currency; amounts are in minor units. */
export type DaySales = Readonly<{ day: string; currency: string }> & DayCounters;

/** Days as `YYYY-MM-DD`; `from` is included, `to` is not. */
export type Days = Readonly<{ from: string; to: string }>;

export type SalesQueries = Readonly<{
  /** Day by day, currency by currency; days without sales are left out. */
  days: (days: Days, freshness: Freshness) => Promise<readonly DaySales[]>;
  /** What was sold of each product, currency by currency, in each the product first that brought most. */
  products: (days: Days, freshness: Freshness) => Promise<readonly ProductSales[]>;
}>;

/** What was ever sold in a currency. */
export type SalesTotals = Omit<DaySales, 'day'>;

/** What was ever sold, currency by currency. Throws as `readPostgresView` does. */
export const readSalesTotals = (postgres: Postgres): (() => Promise<readonly SalesTotals[]>) => {
  const { entries } = readPostgresView<Partial<DayCounters>>(postgres, sales);
  return async () => totalsOf((await entries(`where product_id = ''`, [], asItIs)).map(shown));
};

/** Throws as `readPostgresView` does. */
export const createSalesQueries = (postgres: Postgres): SalesQueries => {
  const days = readPostgresView<Partial<DayCounters>>(postgres, sales);
  const products = readPostgresView<ProductCounters>(postgres, sales);
  return {
    days: async ({ from, to }, freshness) => {
      const clauses = `where day >= $1 and day < $2 and product_id = '' order by day, currency`;
      return (await days.entries(clauses, [from, to], freshness)).map(shown);
    },
    products: async ({ from, to }, freshness) => {
      const clauses = `where day >= $1 and day < $2 and product_id <> ''`;
      const rows = await products.entries(clauses, [from, to], freshness);
      return bestFirst(rows.map(([key, counters]) => ({ ...namesIn(key), ...counters })));
    },
  };
};

const totalsOf = (days: readonly DaySales[]): readonly SalesTotals[] => {
  const totals = new Map<string, SalesTotals>();
  for (const { day: _, currency, ...more } of days) {
    const { orders, revenue, refunded } = totals.get(currency) ?? { orders: 0, revenue: 0, refunded: 0 };
    totals.set(currency, {
      currency,
      orders: orders + more.orders,
      revenue: revenue + more.revenue,
      refunded: refunded + more.refunded,
    });
  }
  return [...totals.values()];
};

const shown = ([key, { orders = 0, revenue = 0, refunded = 0 }]: readonly [string, Partial<DayCounters>]): DaySales => {
  const { day, currency } = namesIn(key);
  return { day, currency, orders, revenue, refunded };
};

const namesIn = (key: string) => {
  const [day = '', currency = '', productId = ''] = key.split('/');
  return { day, currency, productId };
};
