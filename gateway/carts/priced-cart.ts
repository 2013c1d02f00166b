import { isDomainError } from '../../domains/shared/errors.js';
import { add, times, type Money } from '../../domains/shared/money.js';
import type { CartView } from '../../projections/carts/queries.js';
import type { ProductView } from '../../projections/catalog/queries.js';

/** A cart as the shop shows it, at the prices of now. */
export type PricedCart = Readonly<{
  userId: string;
  /** Of a product that is no longer on offer `name` and `price` are `null`. */
  items: readonly PricedItem[];
  /** Of what is on offer; `null` where nothing is, or where it cannot be summed up, as in different currencies. */
  total: Money | null;
}>;

type PricedItem = Readonly<{
  productId: string;
  quantity: number;
  name: string | null;
  price: Money | null;
  available: number;
}>;

/** A cart with names and prices from the catalog. */
export const pricedCart = (
  { userId, items }: CartView,
  products: ReadonlyMap<string, Pick<ProductView, 'name' | 'price' | 'available'>>,
): PricedCart => {
  const priced = items.map(({ productId, quantity }): PricedItem => {
    const { name, price, available } = products.get(productId) ?? noOffer;
    return { productId, quantity, name, price, available };
  });
  return { userId, items: priced, total: totalOf(priced) };
};

const noOffer = { name: null, price: null, available: 0 };

const totalOf = (items: readonly PricedItem[]): Money | null => {
  try {
    return items
      .flatMap(({ price, quantity }) => (price === null ? [] : [times(price, quantity)]))
      .reduce<Money | null>((sum, line) => (sum === null ? line : add(sum, line)), null);
  } catch (error) {
    if (isDomainError(error)) return null;
    throw error;
  }
};
