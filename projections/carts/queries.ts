import type { CartItem } from '../../domains/carts/events.js';
import type { Mongo } from '../../infra/mongo/mongo.js';
import { readMongoView } from '../shared/mongo-view.js';
import type { Freshness } from '../shared/queries.js';
import { carts, type CartRow } from './projection.js';

/** What is in a customer's cart. */
export type CartView = Readonly<{ userId: string; items: readonly CartItem[] }>;

export type CartQueries = Readonly<{
  /** Of whoever never put anything into a cart it is empty. */
  ofUser: (userId: string, freshness: Freshness) => Promise<CartView>;
}>;

/** Throws as `readMongoView` does. */
export const createCartQueries = (mongo: Mongo): CartQueries => {
  const rows = readMongoView<CartRow>(mongo, carts);
  return {
    ofUser: async (userId, freshness) => {
      const found = await rows.byKey(userId, freshness);
      return { userId, items: found?.item.items ?? [] };
    },
  };
};
