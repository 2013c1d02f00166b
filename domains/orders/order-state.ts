import type { Personal } from '../shared/event-schema.js';
import type { Line } from '../shared/line.js';
import type { Money } from '../shared/money.js';
import type { Address } from '../shared/address.js';
import type { OrderEvent } from './events.js';

export type OrderStatus = 'PENDING' | 'PAID' | 'SHIPPED' | 'DELIVERED' | 'RETURNED' | 'REJECTED' | 'CANCELLED';

export type PlacedOrder = Readonly<{
  status: OrderStatus;
  orderId: string;
  userId: string;
  lines: readonly Line[];
  total: Money;
  /** `null` to deciders: it is personal. */
  address: Personal<Address>;
  /** The method that the order was placed with. */
  paymentMethod: string;
  /** Those that were offered since, oldest first. */
  offeredMethods: readonly string[];
  paymentId: string | null;
  /** Who asked to cancel it. */
  cancellationBy: string | null;
  /** Whether staff asked the saga to give up; once it is paid, to go back is to give up. */
  abortRequested: boolean;
  /** Whether staff asked the saga, before the order was paid, to go back. */
  skipRequested: boolean;
  returnRequested: boolean;
  rejectionReason: string | null;
  /** The step that the saga gave up, until somebody says what is to be done. */
  failedStep: Readonly<{ step: string; attempt: number }> | null;
}>;

/** `ABANDONED` is as good as none, but can no longer be placed. */
export type Order = Readonly<{ status: 'NONE' | 'ABANDONED' }> | PlacedOrder;

/** The order after one more event. */
export const evolve = (order: Order, { type, data }: OrderEvent): Order => {
  if (type === 'OrderPlaced') return { ...data, ...untouched };
  if (type === 'PlacementAbandoned') return { status: 'ABANDONED' };
  if (!isPlaced(order)) return order;
  switch (type) {
    case 'PaymentMethodOffered':
      return { ...order, offeredMethods: [...order.offeredMethods, data.paymentMethod] };
    case 'CancellationRequested':
      return { ...order, cancellationBy: data.by };
    case 'OrderPaid':
      return { ...order, status: 'PAID', paymentId: data.paymentId };
    case 'OrderRejected':
      return { ...order, status: 'REJECTED', rejectionReason: data.reason };
    case 'OrderCancelled':
      return { ...order, status: 'CANCELLED' };
    case 'OrderShipped':
      return { ...order, status: 'SHIPPED' };
    case 'OrderDelivered':
      return { ...order, status: 'DELIVERED' };
    case 'ReturnRequested':
      return { ...order, returnRequested: true };
    case 'OrderReturned':
      return { ...order, status: 'RETURNED' };
    case 'SagaStepFailed':
      return { ...order, failedStep: { step: data.step, attempt: data.attempt } };
    case 'SagaRetryRequested':
      return { ...order, failedStep: null };
    case 'SagaSkipRequested':
      return order.status === 'PAID'
        ? { ...order, failedStep: null, abortRequested: true }
        : { ...order, failedStep: null, skipRequested: true };
    case 'SagaAbortRequested':
      return { ...order, failedStep: null, abortRequested: true };
  }
};

const untouched = {
  status: 'PENDING',
  offeredMethods: [],
  paymentId: null,
  cancellationBy: null,
  abortRequested: false,
  skipRequested: false,
  returnRequested: false,
  rejectionReason: null,
  failedStep: null,
} as const;

export const isPlaced = (order: Order): order is PlacedOrder => order.status !== 'NONE' && order.status !== 'ABANDONED';

/** Whether it is being cancelled, or staff had the saga give it up: what is undone does not leave the house. */
export const isToBeUndone = (order: PlacedOrder): boolean => isCancelling(order) || order.abortRequested;

/** Whether a cancel was accepted that is yet to be carried out. */
export const isCancelling = ({ status, cancellationBy }: PlacedOrder): boolean =>
  cancellationBy !== null && status !== 'CANCELLED';
