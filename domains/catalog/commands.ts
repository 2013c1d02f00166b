import type { Message } from '../shared/decider.js';
import type { Money } from '../shared/money.js';
import { fields, id, list, money, parseBy, text } from '../shared/parse.js';

/** What a product is to be, whole: a change names every field. */
export type ProductData = Readonly<{
  productId: string;
  sku: string;
  name: string;
  description: string;
  price: Money;
  categories: readonly string[];
}>;

export type ProductCommand = Message<'AddProduct', ProductData> | Message<'ChangeProduct', ProductData>;
export type SkuCommand = Message<'ClaimSku', { productId: string }> | Message<'ReleaseSku', { productId: string }>;

export const parseProduct: (data: unknown) => ProductData = parseBy(
  fields({
    productId: id,
    sku: id,
    name: text(200),
    description: text(10_000, 0),
    price: money,
    categories: list(id, 50),
  }),
);

export const parsePricesQuestion = parseBy(fields({ productIds: list(id, 100) }));
