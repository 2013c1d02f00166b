import type { Money } from '../../domains/shared/money.js';

/** What a workflow's commands continue: the event that began it, with its correlation and its trace. */
export type Origin = Readonly<{
  /** The name under which its steps take effect once. */
  workflowId: string;
  orderId: string;
  correlationId: string;
  causationId: string;
  /** W3C trace context of the event; used where an activity is not traced itself. */
  traceparent: string;
}>;

/** The origin of one step: `at` is the ISO 8601 instant at which it was first due. */
export type Cause = Origin & Readonly<{ at: string }>;

/** How patient a saga is. It keeps what it began with. */
export type Timing = Readonly<{
  /** How long an order whose payment was declined waits for another method; 0 rejects it at once. */
  paymentRetryWindowMs: number;
  /** A step that failed so many times in a row needs somebody's attention. */
  triesBeforeAttention: number;
  /** Between tries; each pause is twice the one before. */
  firstPauseMs: number;
  longestPauseMs: number;
  /** Between the tries of a step that nobody may give up any more, once it needs attention: at first, and at last. */
  attentionPauseMs: number;
  longestAttentionPauseMs: number;
  /**
   * How long a step that was given up before the order is paid waits for somebody, until the saga goes back: less than
   * payment providers remember idempotency keys.
   */
  attentionMs: number;
  /** After so long a paid order ought to be dispatched, and a dispatched one delivered or seen by its carrier. */
  dispatchMs: number;
  deliveryMs: number;
  /** The longest that a try may take within a workflow task, and as an activity of its own. */
  localTryMs: number;
  tryMs: number;
}>;

const [second, hour] = [1_000, 3_600_000];

export const usualTiming: Timing = {
  paymentRetryWindowMs: 900 * second,
  triesBeforeAttention: 8,
  firstPauseMs: second,
  longestPauseMs: 60 * second,
  attentionPauseMs: 300 * second,
  longestAttentionPauseMs: 6 * hour,
  attentionMs: 12 * hour,
  dispatchMs: 7 * 24 * hour,
  deliveryMs: 14 * 24 * hour,
  localTryMs: 4 * second,
  tryMs: 60 * second,
};

/** What every workflow of an order is begun with. */
export type SagaInput = Readonly<{ origin: Origin; timing: Timing }>;
/** `order` is the order as it was when the saga was begun: pending. */
export type FulfilmentInput = SagaInput & Readonly<{ order: Fulfilment }>;
export type RefundInput = SagaInput & Readonly<{ refundId: string }>;

/**
 * That something happened which may concern a saga. It is only woken by it: what is the case, it asks of the streams. So
 * an event that comes twice, too late, or before there is a saga does no harm.
 */
export type SagaNews = Readonly<{ id: string; type: string }>;

/** The name of the signal that brings `SagaNews`, and of the query that is answered with `SagaProgress`. */
export const newsSignal = 'news';
export const progressQuery = 'progress';

/** What the order says of itself, as `orders: fulfilmentOf` answers. */
export type Fulfilment = Readonly<{
  status: string;
  /** A cancel was accepted that is yet to be carried out. */
  cancelling: boolean;
  /** Staff want it given up. */
  abortRequested: boolean;
  /** Staff want the saga to go back; of a paid order that is to give it up. */
  skipRequested: boolean;
  /** Why it was rejected, where it was. */
  rejectionReason: string | null;
  userId: string;
  lines: readonly Readonly<{ productId: string; quantity: number }>[];
  total: Money;
  /** The method that the order was placed with, and those that were offered since, oldest first. */
  paymentMethod: string;
  offeredMethods: readonly string[];
}>;

/** What `shipping: shipmentOf` says of the order's shipment. */
export type ShipmentStanding = 'NONE' | 'CREATED' | 'DISPATCHING' | 'DISPATCHED' | 'DELIVERED' | 'RETURNED';

export type SagaStatus =
  | 'running'
  | 'waiting_for_payment'
  | 'needs_attention'
  | 'compensating'
  | 'waiting_for_dispatch'
  | 'waiting_for_delivery'
  | 'fulfilled'
  | 'rejected'
  | 'cancelled'
  | 'nothing_to_do';

/** What came of a step; `attempts` counts its tries, `code` says why it was not done. */
export type StepRecord = Readonly<{
  step: string;
  attempts: number;
  outcome: 'done' | 'refused' | 'given_up';
  code: string | null;
  /** ISO 8601, when it was first due. */
  at: string;
}>;

/** Where a saga is, what it has done, and what it would undo if it went back now, in the order in which it would. */
export type SagaProgress = Readonly<{
  status: SagaStatus;
  step: string;
  attempts: number;
  pendingCompensations: readonly string[];
  history: readonly StepRecord[];
}>;

/** How the saga ended. */
export type Outcome =
  Readonly<{ outcome: 'fulfilled' | 'cancelled' }> | Readonly<{ outcome: 'rejected'; reason: string | null }>;

/** How a return or a refund ended. */
export type RefundOutcome = Readonly<{ outcome: 'refunded' | 'refused' | 'nothing_to_do' }>;

/** One task queue for all workflows of an order: whoever begins them and their worker must agree. */
export const taskQueue = 'order-fulfilment';

export const workflowIdOf = (orderId: string) => `order-${orderId}`;
export const returnIdOf = (orderId: string) => `order-return-${orderId}`;
export const refundIdOf = (refundId: string) => `payment-refund-${refundId}`;
