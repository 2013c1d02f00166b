import type { Upcasters } from '../shared/upcast.js';

/** An order of the first version does not tell whether it came from a cart. */
export const orderUpcasters: Upcasters = {
  OrderPlaced: { 1: (data) => ({ ...data, fromCart: null }) },
};
