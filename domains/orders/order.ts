import type { Decider } from '../shared/decider.js';
import { DomainError } from '../shared/errors.js';
import type { Line } from '../shared/line.js';
import { add, times } from '../shared/money.js';
import { cancelOrder, requestCancellation } from './cancelling.js';
import type { AbandonPlacement, MarkOrderPaid, OrderCommand, PlaceOrder, RejectOrder } from './commands.js';
import type { OrderEvent } from './events.js';
import { illegalTransition } from './illegal-transition.js';
import {
  evolve,
  isCancelling,
  isPlaced,
  isToBeUndone,
  type Order,
  type OrderStatus,
  type PlacedOrder,
} from './order-state.js';
import { markOrderReturned, requestReturn } from './returning.js';

const decide = ({ type, data }: OrderCommand, order: Order): readonly OrderEvent[] => {
  if (type === 'PlaceOrder') return placeOrder(data, order);
  if (type === 'AbandonPlacement') return abandonPlacement(data, order);
  if (!isPlaced(order)) throw new DomainError('order.not_found', `There is no order ${data.orderId}`);
  const owned = { orderId: order.orderId, userId: order.userId };
  switch (type) {
    case 'OfferPaymentMethod':
      if (order.status !== 'PENDING' || isCancelling(order)) throw illegalTransition(type, order);
      if (order.offeredMethods.length === mostOfferedMethods)
        throw new DomainError(
          'order.too_many_payment_methods',
          'No further method is taken for this order; order anew',
        );
      return [{ type: 'PaymentMethodOffered', data: { ...owned, paymentMethod: data.paymentMethod } }];
    case 'RequestCancellation':
      return requestCancellation(data, order);
    case 'MarkOrderPaid':
      return markOrderPaid(data, order);
    case 'RejectOrder':
      return rejectOrder(data, order);
    case 'CancelOrder':
      return cancelOrder(data, order);
    case 'MarkOrderShipped':
      if (hasBeen(order, 'SHIPPED')) return [];
      if (order.status !== 'PAID' || isToBeUndone(order)) throw illegalTransition(type, order);
      return [{ type: 'OrderShipped', data: owned }];
    case 'MarkOrderDelivered':
      if (hasBeen(order, 'DELIVERED')) return [];
      if (order.status !== 'SHIPPED') throw illegalTransition(type, order);
      return [{ type: 'OrderDelivered', data: owned }];
    case 'RequestReturn':
      return requestReturn(data, order);
    case 'MarkOrderReturned':
      return markOrderReturned(order);
    case 'RecordStepFailure': {
      const { step, attempt, code } = data;
      if (order.failedStep?.step === step && order.failedStep.attempt === attempt) return [];
      return [{ type: 'SagaStepFailed', data: { ...owned, step, attempt, code } }];
    }
    case 'RequestSagaRetry':
      if (hasEnded(order) && order.failedStep === null) throw illegalTransition(type, order);
      return [{ type: 'SagaRetryRequested', data: { ...owned, by: data.by } }];
    case 'RequestSagaSkip':
    case 'RequestSagaAbort':
      if (order.status !== 'PENDING' && order.status !== 'PAID') throw illegalTransition(type, order);
      return [{ type: sagaRequested[type], data: { ...owned, by: data.by } }];
  }
};

/** So that nobody tries out cards with one order, and it does not keep its stock for ever. */
const mostOfferedMethods = 10;

const placeOrder = (data: PlaceOrder['data'], order: Order): OrderEvent[] => {
  if (order.status === 'ABANDONED')
    throw new DomainError('order.placement_abandoned', 'It was refused before and given up; order anew');
  if (order.status !== 'NONE') throw illegalTransition('PlaceOrder', order);
  if (data.lines.length === 0) throw new DomainError('order.empty', 'An order needs at least one line');
  return [{ type: 'OrderPlaced', data: { ...data, total: totalOf(data.lines) } }];
};

/** An order that was placed after all stays: whoever asks for this was refused before that. */
const abandonPlacement = (data: AbandonPlacement['data'], { status }: Order): OrderEvent[] =>
  status === 'NONE' ? [{ type: 'PlacementAbandoned', data }] : [];

const totalOf = (lines: readonly Line[]) => lines.map((line) => times(line.unitPrice, line.quantity)).reduce(add);

const markOrderPaid = ({ paymentId }: MarkOrderPaid['data'], order: PlacedOrder): OrderEvent[] => {
  if (hasBeen(order, 'PAID') && order.paymentId === paymentId) return [];
  if (order.status !== 'PENDING' || isCancelling(order)) throw illegalTransition('MarkOrderPaid', order);
  const { orderId, userId, lines, total } = order;
  return [{ type: 'OrderPaid', data: { orderId, userId, paymentId, lines, total } }];
};

/** Whoever was told that the order will be cancelled, or was asked for another method, is not told otherwise. */
const rejectOrder = ({ reason, answeredMethods }: RejectOrder['data'], order: PlacedOrder): OrderEvent[] => {
  const { orderId, userId, status, rejectionReason, offeredMethods } = order;
  if (status === 'REJECTED' && rejectionReason === reason) return [];
  if (status !== 'PENDING' || isCancelling(order)) throw illegalTransition('RejectOrder', order);
  if (reason === 'payment_declined' && (answeredMethods ?? 0) < offeredMethods.length)
    throw new DomainError('order.illegal_transition', 'A payment method that was offered has not been tried yet');
  return [{ type: 'OrderRejected', data: { orderId, userId, reason } }];
};

/** Nothing that has left the house can be undone: it comes back as a return. */
const sagaRequested = {
  RequestSagaSkip: 'SagaSkipRequested',
  RequestSagaAbort: 'SagaAbortRequested',
} as const;

const wayForward: readonly OrderStatus[] = ['PENDING', 'PAID', 'SHIPPED', 'DELIVERED', 'RETURNED'];

/** Whether the order came as far as `status` and was not taken back. */
const hasBeen = (order: PlacedOrder, status: OrderStatus) =>
  wayForward.indexOf(order.status) >= wayForward.indexOf(status);

const hasEnded = ({ status }: PlacedOrder) => status === 'REJECTED' || status === 'CANCELLED' || status === 'RETURNED';

export const order: Decider<Order, OrderCommand, OrderEvent> = { initial: { status: 'NONE' }, decide, evolve };
