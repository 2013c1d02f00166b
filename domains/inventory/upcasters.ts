import type { Upcasters } from '../shared/upcast.js';

/** Every event of `stock` streams is still in its first version. */
export const stockUpcasters: Upcasters = {};
