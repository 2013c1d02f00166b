import type { Upcasters } from '../shared/upcast.js';

/** Every event of `payment` streams is still in its first version. */
export const paymentUpcasters: Upcasters = {};
