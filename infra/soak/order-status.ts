export type OrderStatus = (typeof orderStatuses)[keyof typeof orderStatuses];

/** The events of an order that say where it stands. */
export const orderStatuses = {
  OrderPlaced: 'PENDING',
  OrderPaid: 'PAID',
  OrderShipped: 'SHIPPED',
  OrderDelivered: 'DELIVERED',
  OrderReturned: 'RETURNED',
  OrderRejected: 'REJECTED',
  OrderCancelled: 'CANCELLED',
} as const;

/** Where an order stands by its stream. */
export const statusOf = (order: readonly Readonly<{ type: string }>[]): OrderStatus => {
  const told = order.findLast(({ type }) => Object.hasOwn(orderStatuses, type));
  return orderStatuses[(told?.type ?? 'OrderPlaced') as keyof typeof orderStatuses];
};
