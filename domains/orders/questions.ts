import type { QuestionDefinition } from '../shared/service.js';
import { orderAggregate } from './aggregate.js';
import { parseOrderQuestion } from './commands.js';
import { isCancelling, isPlaced, isToBeUndone, type Order, type OrderStatus, type PlacedOrder } from './order-state.js';

/** A question about one order, answered with `null` where there is no such order. */
const aboutOrder = (answer: (placed: PlacedOrder) => unknown): QuestionDefinition<{ orderId: string }> => ({
  parse: parseOrderQuestion,
  reads: ({ orderId }) => [{ aggregate: orderAggregate, id: orderId }],
  answer: ([found]: readonly Order[]) => (found && isPlaced(found) ? answer(found) : null),
});

/** What the saga needs to begin, and to go on from where the order is. */
export const fulfilmentOf = aboutOrder((placed) => {
  const {
    status,
    userId,
    lines,
    total,
    paymentMethod,
    offeredMethods,
    abortRequested,
    skipRequested,
    rejectionReason,
  } = placed;
  return {
    status,
    cancelling: isCancelling(placed),
    abortRequested,
    skipRequested,
    rejectionReason,
    userId,
    lines: lines.map(({ productId, quantity }) => ({ productId, quantity })),
    total,
    paymentMethod,
    offeredMethods,
  };
});

/** Whose order it is, and where it stands. */
export const orderOf = aboutOrder((placed) => {
  const { userId, status } = placed;
  return { userId, status, cancelling: isCancelling(placed) };
});

/** Whether it was given up before it was placed, so that it never will be. */
export const isAbandoned: QuestionDefinition<{ orderId: string }> = {
  parse: parseOrderQuestion,
  reads: ({ orderId }) => [{ aggregate: orderAggregate, id: orderId }],
  answer: ([found]: readonly Order[]) => found?.status === 'ABANDONED',
};

/**
 * What goes where; `null` for an order that is not paid yet, or is to be undone. The address is `null` once the person's
 * key is gone.
 */
export const deliveryOf: QuestionDefinition<{ orderId: string }> = {
  ...aboutOrder((placed) => {
    const { status, userId, lines, address } = placed;
    const isToBeDelivered = !isToBeUndone(placed) && hasBeenPaid.includes(status);
    return isToBeDelivered ? { userId, lines, address } : null;
  }),
  opensPersonal: true,
};

const hasBeenPaid: readonly OrderStatus[] = ['PAID', 'SHIPPED', 'DELIVERED', 'RETURNED'];
