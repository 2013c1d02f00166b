import type { Upcasters } from '../shared/upcast.js';

/** Every event of `notification` streams is still in its first version. */
export const notificationUpcasters: Upcasters = {};
