import { DomainError } from '../shared/errors.js';
import { isCancelling, type Order } from './order-state.js';

/** The refusal of a command that does not fit what the order has come to. */
export const illegalTransition = (command: string, order: Order) => {
  const standing = order.status !== 'NONE' && isCancelling(order) ? 'being cancelled' : order.status;
  return new DomainError('order.illegal_transition', `${command} is not possible while the order is ${standing}`);
};
