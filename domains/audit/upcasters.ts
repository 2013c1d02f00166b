import type { Upcasters } from '../shared/upcast.js';

/** Every event of `audit` streams is still in its first version. */
export const auditUpcasters: Upcasters = {};
