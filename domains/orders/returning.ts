import { DomainError } from '../shared/errors.js';
import type { RequestReturn } from './commands.js';
import type { OrderEvent } from './events.js';
import { illegalTransition } from './illegal-transition.js';
import { isCancelling, type PlacedOrder } from './order-state.js';

/** @throws DomainError `order.not_returnable` before delivery, `order.illegal_transition` while it is being cancelled. */
export const requestReturn = ({ reason }: RequestReturn['data'], order: PlacedOrder): readonly OrderEvent[] => {
  const { orderId, userId, status, returnRequested } = order;
  if (returnRequested) return [];
  if (isCancelling(order)) throw illegalTransition('RequestReturn', order);
  if (status !== 'DELIVERED')
    throw new DomainError('order.not_returnable', `The order is ${status}: only what was delivered can be returned`);
  return [{ type: 'ReturnRequested', data: { orderId, userId, reason } }];
};

/** @throws DomainError `order.illegal_transition` where no return was asked for. */
export const markOrderReturned = (order: PlacedOrder): readonly OrderEvent[] => {
  const { orderId, userId, status, returnRequested } = order;
  if (status === 'RETURNED') return [];
  if (status !== 'DELIVERED' || !returnRequested) throw illegalTransition('MarkOrderReturned', order);
  return [{ type: 'OrderReturned', data: { orderId, userId } }];
};
