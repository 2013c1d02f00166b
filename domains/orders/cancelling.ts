import { DomainError } from '../shared/errors.js';
import type { CancelOrder, RequestCancellation } from './commands.js';
import type { OrderEvent } from './events.js';
import { illegalTransition } from './illegal-transition.js';
import { isCancelling, isToBeUndone, type PlacedOrder } from './order-state.js';

/**
 * Accepts a cancel until the order is marked as shipped; a second one is a success.
 *
 * @throws DomainError `order.not_cancellable` once dispatch has begun, or where the order has ended otherwise.
 */
export const requestCancellation = (
  { reason, by }: RequestCancellation['data'],
  order: PlacedOrder,
): readonly OrderEvent[] => {
  const { orderId, userId, status } = order;
  if (isCancelling(order) || status === 'CANCELLED') return [];
  if (status !== 'PENDING' && status !== 'PAID')
    throw new DomainError('order.not_cancellable', `The order is ${status} and can no longer be cancelled`);
  return [{ type: 'CancellationRequested', data: { orderId, userId, reason, by } }];
};

/**
 * Cancels an order of which all that was done has been undone.
 *
 * @throws DomainError `order.illegal_transition` where nobody asked for it, or the goods have left.
 */
export const cancelOrder = ({ reason }: CancelOrder['data'], order: PlacedOrder): readonly OrderEvent[] => {
  const { orderId, userId, status } = order;
  if (status === 'CANCELLED') return [];
  if (!isToBeUndone(order) || (status !== 'PENDING' && status !== 'PAID'))
    throw illegalTransition('CancelOrder', order);
  return [{ type: 'OrderCancelled', data: { orderId, userId, reason: reason ?? byWhom(order) } }];
};

const byWhom = ({ cancellationBy, userId }: PlacedOrder) => {
  if (cancellationBy === null) return 'saga_aborted';
  return cancellationBy === userId ? 'customer' : 'staff';
};
