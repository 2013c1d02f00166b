import type { Decider } from '../shared/decider.js';
import { DomainError } from '../shared/errors.js';
import { mostLines, type Line } from '../shared/line.js';
import type { CartCommand, CheckOut, RejectCheckout, SetCartItem } from './commands.js';
import { mostCheckouts, type CartEvent, type CartItem } from './events.js';

type Checkout = Readonly<{
  orderId: string;
  lines: readonly Line[];
  paymentMethod: string;
  /** `open` until its order is placed, or its lines go back. */
  outcome: 'open' | 'completed' | 'rejected';
}>;

/** A customer's cart, and the latest of its checkouts, oldest first. */
export type Cart = Readonly<{ items: readonly CartItem[]; checkouts: readonly Checkout[] }>;

const decide = ({ type, data }: CartCommand, cart: Cart): readonly CartEvent[] => {
  switch (type) {
    case 'SetCartItem':
      return setItem(data, cart);
    case 'RemoveCartItem':
      return itemOf(cart, data.productId) ? [{ type: 'CartItemRemoved', data }] : [];
    case 'CheckOut':
      return checkOut(data, cart);
    case 'CompleteCheckout':
      return checkoutOf(cart, data.orderId)?.outcome === 'open' ? [{ type: 'CheckoutCompleted', data }] : [];
    case 'RejectCheckout':
      return rejectCheckout(data, cart);
  }
};

const setItem = (data: SetCartItem['data'], cart: Cart): CartEvent[] => {
  const before = itemOf(cart, data.productId);
  if (before?.quantity === data.quantity) return [];
  if (!before && cart.items.length >= mostLines)
    throw new DomainError('cart.too_many_lines', `A cart has at most ${mostLines} lines`);
  return [{ type: 'CartItemSet', data }];
};

const checkOut = (data: CheckOut['data'], cart: Cart): CartEvent[] => {
  if (checkoutOf(cart, data.orderId)) return [];
  if (cart.items.length === 0) throw new DomainError('cart.empty', 'There is nothing in the cart');
  if (!isWhatWasSeen(data.lines, cart))
    throw new DomainError('command.conflict', 'The cart was changed meanwhile; look at it again');
  if (cart.checkouts.filter(({ outcome }) => outcome === 'open').length >= mostCheckouts)
    throw new DomainError('cart.too_many_checkouts', `${mostCheckouts} checkouts are yet to become orders`);
  return [{ type: 'CartCheckedOut', data }];
};

const isWhatWasSeen = (lines: readonly CartItem[], { items }: Cart) =>
  lines.length === items.length &&
  items.every((item) => lines.some((line) => line.productId === item.productId && line.quantity === item.quantity));

/** Nothing goes back of what has become an order, or still may: a placing may be refused and its repeat be accepted. */
const rejectCheckout = ({ isAbandoned, ...data }: RejectCheckout['data'], cart: Cart): CartEvent[] => {
  const checkout = checkoutOf(cart, data.orderId);
  if (!isAbandoned) return [];
  if (!checkout) throw new DomainError('cart.no_checkout', `There is no checkout ${data.orderId}`);
  if (checkout.outcome !== 'open') return [];
  return [{ type: 'CheckoutRejected', data }];
};

const evolve = (cart: Cart, { type, data }: CartEvent): Cart => {
  const { items, checkouts } = cart;
  switch (type) {
    case 'CartItemSet':
      return { ...cart, items: withItem(items, data) };
    case 'CartItemRemoved':
      return { ...cart, items: items.filter(({ productId }) => productId !== data.productId) };
    case 'CartCheckedOut': {
      const { orderId, lines, paymentMethod } = data;
      const latest: Checkout = { orderId, lines, paymentMethod, outcome: 'open' };
      return { items: [], checkouts: remembered([...checkouts, latest]) };
    }
    case 'CheckoutCompleted':
      return { ...cart, checkouts: withOutcome(checkouts, data.orderId, 'completed') };
    case 'CheckoutRejected':
      return {
        items: putBack(items, checkoutOf(cart, data.orderId)?.lines ?? []),
        checkouts: withOutcome(checkouts, data.orderId, 'rejected'),
      };
  }
};

/** Old carts may have more open ones than are accepted now; then the oldest goes. */
const remembered = (checkouts: readonly Checkout[]): readonly Checkout[] => {
  if (checkouts.length <= mostCheckouts) return checkouts;
  const settled = checkouts.findIndex(({ outcome }) => outcome !== 'open');
  return checkouts.filter((_, index) => index !== Math.max(settled, 0));
};

const withOutcome = (checkouts: readonly Checkout[], orderId: string, outcome: Checkout['outcome']) =>
  checkouts.map((each) => (each.orderId === orderId ? { ...each, outcome } : each));

const withItem = (items: readonly CartItem[], { productId, quantity }: CartItem): readonly CartItem[] => {
  const item = { productId, quantity };
  const isThere = items.some((each) => each.productId === productId);
  return isThere ? items.map((each) => (each.productId === productId ? item : each)) : [...items, item];
};

/** What the customer has put into the cart since counts more, also where there is not room for all. */
const putBack = (items: readonly CartItem[], lines: readonly CartItem[]): readonly CartItem[] => {
  const absent = lines.filter(({ productId }) => items.every((item) => item.productId !== productId));
  return [...items, ...absent.map(({ productId, quantity }) => ({ productId, quantity }))].slice(0, mostLines);
};

const itemOf = ({ items }: Cart, productId: string) => items.find((item) => item.productId === productId);

/** A checkout of the cart; undefined where it never was, or is long past. */
export const checkoutOf = ({ checkouts }: Cart, orderId: string): Checkout | undefined =>
  checkouts.find((checkout) => checkout.orderId === orderId);

export const cart: Decider<Cart, CartCommand, CartEvent> = {
  initial: { items: [], checkouts: [] },
  decide,
  evolve,
};
