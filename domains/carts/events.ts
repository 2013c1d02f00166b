import type { Address } from '../shared/address.js';
import type { Message } from '../shared/decider.js';
import type { EventSchemas, Personal } from '../shared/event-schema.js';
import type { Line } from '../shared/line.js';

/** A product in the cart. */
export type CartItem = Readonly<{ productId: string; quantity: number }>;

/** How many checkouts a cart remembers: none that is open is forgotten for another. */
export const mostCheckouts = 20;

type Owned = { userId: string };

// These names and fields are the storage format: change one only with a new schema version and an upcaster.
export type CartEvent =
  | Message<'CartItemSet', Owned & { productId: string; quantity: number }>
  | Message<'CartItemRemoved', Owned & { productId: string }>
  | Message<
      'CartCheckedOut',
      Owned & { orderId: string; lines: readonly Line[]; address: Personal<Address>; paymentMethod: string }
    >
  // Its order was placed.
  | Message<'CheckoutCompleted', Owned & { orderId: string }>
  | Message<'CheckoutRejected', Owned & { orderId: string; code: string }>;

export const cartEvents: EventSchemas<CartEvent> = {
  CartItemSet: { version: 1 },
  CartItemRemoved: { version: 1 },
  CartCheckedOut: { version: 1, personal: { subject: 'userId', fields: ['address'] } },
  CheckoutCompleted: { version: 1 },
  CheckoutRejected: { version: 1 },
};
