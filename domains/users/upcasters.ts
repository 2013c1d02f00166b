import type { Upcasters } from '../shared/upcast.js';

/** Every event of `user` streams is still in its first version. */
export const userUpcasters: Upcasters = {};

/** Every event of `email` streams is still in its first version. */
export const emailUpcasters: Upcasters = {};
