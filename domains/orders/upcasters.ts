import type { Upcasters } from '../shared/upcast.js';

/** Every event of `order` streams is still in its first version. */
export const orderUpcasters: Upcasters = {};
