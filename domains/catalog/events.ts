import type { Message } from '../shared/decider.js';
import type { EventSchemas } from '../shared/event-schema.js';
import type { Money } from '../shared/money.js';

type Description = Readonly<{
  productId: string;
  sku: string;
  name: string;
  description: string;
  categories: readonly string[];
}>;

// These names and fields are the storage format: change one only with a new schema version and an upcaster.
export type ProductEvent =
  | Message<'ProductAdded', Description & { price: Money }>
  | Message<'ProductChanged', Description>
  | Message<'PriceChanged', { productId: string; price: Money }>;

/** Events of `sku-<sku>`: which product may use a stock keeping unit. */
export type SkuEvent = Message<'SkuClaimed', { productId: string }> | Message<'SkuReleased', { productId: string }>;

export const productEvents: EventSchemas<ProductEvent> = {
  ProductAdded: { version: 1 },
  ProductChanged: { version: 1 },
  PriceChanged: { version: 1 },
};

export const skuEvents: EventSchemas<SkuEvent> = { SkuClaimed: { version: 1 }, SkuReleased: { version: 1 } };
