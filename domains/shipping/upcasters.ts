import type { Upcasters } from '../shared/upcast.js';

/** Every event of `shipment` streams is still in its first version. */
export const shipmentUpcasters: Upcasters = {};
