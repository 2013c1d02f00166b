import type { Postgres } from '../../infra/postgres/postgres.js';
import { readPostgresView } from '../shared/postgres-view.js';
import { asItIs, foundAs, type Found, type Freshness } from '../shared/queries.js';
import { stock, type StockLevel } from './projection.js';

export type StockView = StockLevel & Readonly<{ available: number }>;

export type StockQueries = Readonly<{
  /** `null` where there is no such product. */
  byProduct: (productId: string, freshness: Freshness) => Promise<Found<StockView> | null>;
}>;

/** Throws as `readPostgresView` does. */
export const createStockQueries = (postgres: Postgres): StockQueries => {
  const levels = readPostgresView<StockLevel>(postgres, stock);
  return {
    byProduct: async (productId, freshness) => foundAs(await levels.byKey(productId, freshness), shown),
  };
};

/** How many products there is nothing left of. Throws as `readPostgresView` does. */
export const countSoldOut = (postgres: Postgres): (() => Promise<number>) => {
  const { count } = readPostgresView<StockLevel>(postgres, stock);
  return () => count(`where (data->>'onHand')::bigint <= (data->>'reserved')::bigint`, [], asItIs);
};

const shown = (level: StockLevel): StockView => ({ ...level, available: level.onHand - level.reserved });
