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
  /** `claimId` is the id of the change and, where the SKU is another one, of the claim to it. */
  | Message<
      'ProductChanged',
      Description & { previousSku: string | null; claimId: string; previousClaimId: string | null }
    >
  | Message<'PriceChanged', { productId: string; price: Money; claimId: string }>
  | Message<'ProductDiscontinued', { productId: string }>
  /** The claim to a SKU was given up: the product, or the change, that it was for must not come. */
  | Message<'SkuClaimAbandoned', { productId: string; claimId: string }>;

/** Events of `sku-<sku>`: which product may use a stock keeping unit. */
export type SkuEvent =
  | Message<'SkuClaimed', { productId: string; claimId: string; claimedAt: string }>
  | Message<'SkuReleased', { productId: string }>;

export type CategoryEvent =
  | Message<'CategoryAdded', { categoryId: string; name: string; parentId: string | null }>
  | Message<'CategoryRenamed', { categoryId: string; name: string }>;

export const productEvents: EventSchemas<ProductEvent> = {
  ProductAdded: { version: 1 },
  ProductChanged: { version: 2 },
  PriceChanged: { version: 2 },
  ProductDiscontinued: { version: 1 },
  SkuClaimAbandoned: { version: 1 },
};

export const skuEvents: EventSchemas<SkuEvent> = { SkuClaimed: { version: 2 }, SkuReleased: { version: 1 } };

export const categoryEvents: EventSchemas<CategoryEvent> = {
  CategoryAdded: { version: 1 },
  CategoryRenamed: { version: 1 },
};
