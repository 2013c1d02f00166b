import type { Policy } from '../shared/policy.js';
import { placementOf, placeOrderPolicy, rejectCheckoutPolicy, type Checkout } from './commands.js';
import type { Address } from '../shared/address.js';

/** Whoever checks out has the order placed at once; this one does it where they could not. */
const placeOrder: Policy = {
  name: placeOrderPolicy,
  category: 'cart',
  type: 'CartCheckedOut',
  after: 'grace',
  opensPersonal: true,
  key: ({ data }) => String(data['orderId']),
  command: ({ data }) => {
    const { address, ...rest } = data as Omit<Checkout, 'address'> & Readonly<{ address: Address | null }>;
    return address && { context: 'orders', type: 'PlaceOrder', data: placementOf({ ...rest, address }) };
  },
  otherwise: ({ data: { userId, orderId } }, code) => ({
    context: 'orders',
    type: 'AbandonPlacement',
    data: { orderId, userId, code },
  }),
};

/** What has become an order is settled, and may be forgotten. */
const completeCheckout: Policy = {
  name: 'carts/complete-checkout',
  category: 'order',
  type: 'OrderPlaced',
  after: 'at_once',
  command: ({ data: { userId, orderId, fromCart } }) =>
    fromCart === false ? null : { context: 'carts', type: 'CompleteCheckout', data: { userId, orderId } },
};

/** Lines go back once nobody can place them any more. */
const rejectCheckout: Policy = {
  name: rejectCheckoutPolicy,
  category: 'order',
  type: 'PlacementAbandoned',
  after: 'at_once',
  key: ({ data }) => String(data['orderId']),
  command: ({ data: { userId, orderId, code } }) => ({
    context: 'carts',
    type: 'RejectCheckout',
    data: { userId, orderId, code },
  }),
};

/** What follows from events of carts. */
export const cartPolicies: readonly Policy[] = [placeOrder, completeCheckout, rejectCheckout];
