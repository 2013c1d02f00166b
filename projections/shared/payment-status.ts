import type { Money } from '../../domains/shared/money.js';

/** Where the payment of an order stands. */
export type PaymentStatus =
  'PENDING' | 'AUTHORISED' | 'DECLINED' | 'CAPTURED' | 'CAPTURE_REFUSED' | 'VOIDED' | 'PARTIALLY_REFUNDED' | 'REFUNDED';

/** Where a payment stands by the amounts that were taken and given back. */
export const refundStatus = (captured: Money, refunded: Money): PaymentStatus =>
  refunded.amount < captured.amount ? 'PARTIALLY_REFUNDED' : 'REFUNDED';
