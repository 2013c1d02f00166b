import type { Order, OrderMessage } from './order-api.js';

/** Orders as they stand after a message; the same ones where it is of another order, or older than what is known. */
export const ordersAfter = (orders: readonly Order[], message: OrderMessage): readonly Order[] => {
  const before = orders.find(({ id }) => id === message.orderId);
  if (!before || (message.updatedAt ?? '') < before.updatedAt) return orders;
  const { orderId: _, type: __, ...news } = message;
  const after = { ...before, ...news };
  return orders.map((order) => (order === before ? after : order));
};
