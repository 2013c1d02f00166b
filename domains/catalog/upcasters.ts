import type { Upcasters } from '../shared/upcast.js';

/** Every event of `product` streams is still in its first version. */
export const productUpcasters: Upcasters = {};

/** Every event of `sku` streams is still in its first version. */
export const skuUpcasters: Upcasters = {};
