import { mostCheckouts, type CartEvent, type CartItem } from '../../domains/carts/events.js';
import { mostLines } from '../../domains/shared/line.js';
import type { Projection } from '../shared/projection.js';

/** What is kept of a cart: its lines in the order in which they were put in. */
export type CartRow = Readonly<{
  userId: string;
  items: readonly CartItem[];
  /** Of which it is not known yet whether they become orders or come back, oldest first. */
  openCheckouts: readonly OpenCheckout[];
}>;

type OpenCheckout = Readonly<{ orderId: string; items: readonly CartItem[] }>;

/** Carts, as their streams hold them. Addresses are not kept; names and prices are the catalog's. */
export const carts: Projection<CartEvent, CartRow> = {
  name: 'carts',
  version: 1,
  store: 'mongodb',
  categories: ['cart'],
  key: ({ data }) => data.userId,
  project: (event, row) => after(event, row ?? { userId: event.data.userId, items: [], openCheckouts: [] }),
};

const after = ({ type, data }: CartEvent, row: CartRow): CartRow => {
  const { items, openCheckouts } = row;
  switch (type) {
    case 'CartItemSet':
      return { ...row, items: withItem(items, data) };
    case 'CartItemRemoved':
      return { ...row, items: items.filter(({ productId }) => productId !== data.productId) };
    case 'CartCheckedOut': {
      const latest = { orderId: data.orderId, items: data.lines.map(itemOf) };
      return { ...row, items: [], openCheckouts: [...openCheckouts, latest].slice(-mostCheckouts) };
    }
    case 'CheckoutCompleted':
      return { ...row, openCheckouts: without(openCheckouts, data.orderId) };
    case 'CheckoutRejected': {
      const checkout = openCheckouts.find(({ orderId }) => orderId === data.orderId);
      return {
        ...row,
        items: putBack(items, checkout?.items ?? []),
        openCheckouts: without(openCheckouts, data.orderId),
      };
    }
  }
};

const itemOf = ({ productId, quantity }: CartItem): CartItem => ({ productId, quantity });

const withItem = (items: readonly CartItem[], set: CartItem): readonly CartItem[] => {
  const isThere = items.some(({ productId }) => productId === set.productId);
  return isThere
    ? items.map((item) => (item.productId === set.productId ? itemOf(set) : item))
    : [...items, itemOf(set)];
};

/** What the customer has put into the cart since counts more, also where there is not room for all. */
const putBack = (items: readonly CartItem[], back: readonly CartItem[]): readonly CartItem[] => {
  const absent = back.filter(({ productId }) => items.every((item) => item.productId !== productId));
  return [...items, ...absent].slice(0, mostLines);
};

const without = (checkouts: readonly OpenCheckout[], settled: string): readonly OpenCheckout[] =>
  checkouts.filter(({ orderId }) => orderId !== settled);
