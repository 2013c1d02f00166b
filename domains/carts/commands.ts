import { address, type Address } from '../shared/address.js';
import type { Message } from '../shared/decider.js';
import { mostLines, mostPiecesOfALine, type Line } from '../shared/line.js';
import { fields, id, integer, list, parseBy, text } from '../shared/parse.js';
import type { CartItem } from './events.js';

/** A checkout as it is asked for: `items` is the cart as the customer saw it. */
export type CheckoutRequest = Readonly<{
  userId: string;
  orderId: string;
  items: readonly CartItem[];
  paymentMethod: string;
  shippingAddress: Address;
}>;

export type SetCartItem = Message<'SetCartItem', { userId: string; productId: string; quantity: number }>;
export type RemoveCartItem = Message<'RemoveCartItem', { userId: string; productId: string }>;
export type CheckOut = Message<
  'CheckOut',
  { userId: string; orderId: string; lines: readonly Line[]; address: Address; paymentMethod: string }
>;
export type CompleteCheckout = Message<'CompleteCheckout', { userId: string; orderId: string }>;
/** `isAbandoned` says whether the order can no longer be placed. */
export type RejectCheckout = Message<
  'RejectCheckout',
  { userId: string; orderId: string; code: string; isAbandoned: boolean }
>;
export type CartCommand = SetCartItem | RemoveCartItem | CheckOut | CompleteCheckout | RejectCheckout;

const quantity = integer(1, mostPiecesOfALine);

export const parseSetCartItem: (data: unknown) => SetCartItem['data'] = parseBy(
  fields({ userId: id, productId: id, quantity }),
);
export const parseRemoveCartItem: (data: unknown) => RemoveCartItem['data'] = parseBy(
  fields({ userId: id, productId: id }),
);
export const parseCheckOut: (data: unknown) => CheckoutRequest = parseBy(
  fields({
    userId: id,
    orderId: id,
    items: list(fields({ productId: id, quantity }), mostLines),
    paymentMethod: id,
    shippingAddress: address,
  }),
);
export const parseCompleteCheckout: (data: unknown) => CompleteCheckout['data'] = parseBy(
  fields({ userId: id, orderId: id }),
);
export const parseRejectCheckout: (data: unknown) => Omit<RejectCheckout['data'], 'isAbandoned'> = parseBy(
  fields({ userId: id, orderId: id, code: text(100) }),
);
export const parseCartQuestion = parseBy(fields({ userId: id }));
export const parseCheckoutQuestion = parseBy(fields({ userId: id, orderId: id }));

/** A checkout whose address is readable. */
export type Checkout = Readonly<{
  userId: string;
  orderId: string;
  lines: readonly Line[];
  address: Address;
  paymentMethod: string;
}>;

/**
 * The policy that places what was checked out, keyed by the order's id. Whoever places it before sends the same command
 * under the same id.
 */
export const placeOrderPolicy = 'carts/place-order';

/**
 * The policy that puts the lines back of what can no longer be placed, keyed by the order's id. Whoever does it before
 * sends the same command under the same id.
 */
export const rejectCheckoutPolicy = 'carts/reject-checkout';

/** The data of `orders: PlaceOrder` for a checkout, at the prices of its time. */
export const placementOf = ({ userId, orderId, lines, address, paymentMethod }: Checkout) => ({
  orderId,
  userId,
  items: lines.map(({ productId, quantity }) => ({ productId, quantity })),
  quoted: lines.map(({ productId, unitPrice }) => ({ productId, unitPrice })),
  fromCart: true,
  paymentMethod,
  shippingAddress: address,
});
