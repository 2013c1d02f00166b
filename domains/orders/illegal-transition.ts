import { DomainError } from '../shared/errors.js';
import { isCancelling, isPlaced, type Order } from './order-state.js';

/** The refusal of a command that does not fit what the order has come to. */
export const illegalTransition = (command: string, order: Order) =>
  new DomainError('order.illegal_transition', `${command} is not possible while the order is ${standingOf(order)}`);

const standingOf = (order: Order) => {
  if (!isPlaced(order)) return 'not placed';
  if (isCancelling(order)) return 'being cancelled';
  return order.abortRequested ? `${order.status} and to be given up` : order.status;
};
