import type { Money } from '../../domains/shared/money.js';

/** What the order's placing brings along: the saga's commands continue its correlation and its trace. */
export type Origin = Readonly<{
  orderId: string;
  correlationId: string;
  /** The id of the `OrderPlaced` event. */
  causationId: string;
  /** W3C trace context of the placing; used where an activity is not traced itself. */
  traceparent: string;
}>;

/** What the order says of itself, as `orders: fulfilmentOf` answers. */
export type Fulfilment = Readonly<{
  status: string;
  userId: string;
  lines: readonly Readonly<{ productId: string; quantity: number }>[];
  total: Money;
  paymentMethod: string;
}>;

/** How the saga ended. */
export type Outcome =
  | Readonly<{ outcome: 'paid' }>
  | Readonly<{ outcome: 'rejected'; reason: string }>
  | Readonly<{ outcome: 'nothing_to_do'; status: string }>;

/** Where the saga is, and what it would undo if it went back now, in the order in which it would. */
export type Progress = Readonly<{ step: string; pendingCompensations: readonly string[] }>;

/** One task queue for the saga: its relay and its worker must agree. */
export const taskQueue = 'order-fulfilment';

export const workflowIdOf = (orderId: string) => `order-${orderId}`;
