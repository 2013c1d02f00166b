import type { Postgres } from '../../infra/postgres/postgres.js';
import { readPostgresView } from '../shared/postgres-view.js';
import type { Freshness } from '../shared/queries.js';
import { bestFirst, type ProductSales, type SalesOfProductOnDay } from './best-first.js';
import { sales, type DayCounters } from './projection.js';

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

/** The rows of some days: what was counted, with what their keys say. */
const rowsWhere = (condition: string) => `
  as counted (key, counters)
  cross join lateral (
    select counters || jsonb_build_object('day', day, 'currency', currency, 'productId', product_id) as data
  ) as named
  where day >= $1 and day < $2 and ${condition}`;

/** Throws as `readPostgresView` does. */
export const createSalesQueries = (postgres: Postgres): SalesQueries => {
  const { select } = readPostgresView<object>(postgres, sales);
  return {
    days: async ({ from, to }, freshness) => {
      const clauses = `${rowsWhere(`product_id = ''`)} order by day, currency`;
      return ((await select(clauses, [from, to], freshness)) as readonly CountedDay[]).map(shown);
    },
    products: async ({ from, to }, freshness) => {
      const rows = await select(rowsWhere(`product_id <> ''`), [from, to], freshness);
      return bestFirst(rows as readonly SalesOfProductOnDay[]);
    },
  };
};

type CountedDay = Readonly<{ day: string; currency: string }> & Partial<DayCounters>;

const shown = ({ day, currency, orders = 0, revenue = 0, refunded = 0 }: CountedDay): DaySales => ({
  day,
  currency,
  orders,
  revenue,
  refunded,
});
