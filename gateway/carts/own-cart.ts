import type { CartQueries } from '../../projections/carts/queries.js';
import type { CatalogQueries } from '../../projections/catalog/queries.js';
import type { Freshness } from '../../projections/shared/queries.js';
import { pricedCart, type PricedCart } from './priced-cart.js';

export type OwnCartParts = Readonly<{ carts: CartQueries; catalog: Pick<CatalogQueries, 'byIds'> }>;

/** The cart of a person at the prices of now, as fresh as is asked for. */
export const ownCart = async (
  { carts, catalog }: OwnCartParts,
  userId: string,
  freshness: Freshness,
): Promise<PricedCart> => {
  const cart = await carts.ofUser(userId, freshness);
  const productIds = cart.items.map(({ productId }) => productId);
  return pricedCart(cart, await catalog.byIds(productIds, freshness));
};
