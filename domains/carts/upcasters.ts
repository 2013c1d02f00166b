import type { Upcasters } from '../shared/upcast.js';

/** Every event of `cart` streams is still in its first version. */
export const cartUpcasters: Upcasters = {};
