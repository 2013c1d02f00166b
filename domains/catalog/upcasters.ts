import type { Upcasters } from '../shared/upcast.js';

// Claims had no ids: all those of a product now have the product's id, as the claim to its first SKU has.
export const productUpcasters: Upcasters = {
  ProductChanged: { 1: (data) => ({ ...data, previousSku: null, claimId: data['productId'], previousClaimId: null }) },
  PriceChanged: { 1: (data) => ({ ...data, claimId: data['productId'] }) },
};

export const skuUpcasters: Upcasters = {
  SkuClaimed: { 1: (data) => ({ ...data, claimId: data['productId'], claimedAt: '1970-01-01T00:00:00.000Z' }) },
};

/** Every event of `category` streams is still in its first version. */
export const categoryUpcasters: Upcasters = {};
