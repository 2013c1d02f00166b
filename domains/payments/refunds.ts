import { DomainError } from '../shared/errors.js';
import { isSameMoney, subtract, type Money } from '../shared/money.js';
import type { DataOf } from './commands.js';
import type { PaymentEvent } from './events.js';
import { illegalTransition } from './illegal-transition.js';
import type { Payment } from './payment-state.js';

type Owned = Readonly<{ orderId: string; userId: string }>;

/**
 * Refunds that were asked for count at once, so that two at a time cannot exceed the capture.
 *
 * @throws DomainError `payment.refund_refused` where it was refused: another refund needs another id;
 * `payment.refund_too_large`, `payment.illegal_transition`, or `money.currency_mismatch`.
 */
export const requestRefund = (
  { refundId, amount, reason }: DataOf<'RequestRefund'>,
  payment: Payment,
  owned: Owned,
): PaymentEvent[] => {
  const earlier = refundOf(payment, refundId);
  if (earlier?.outcome === 'refused')
    throw new DomainError('payment.refund_refused', `Refund ${refundId} was refused; ask for another one`);
  if (earlier && (amount === null || isSameMoney(earlier.amount, amount))) return [];
  if (earlier || payment.capture?.outcome !== 'captured') throw illegalTransition('RequestRefund');
  const left = leftOf(payment.capture.amount, payment);
  if (amount === null && left.amount === 0) throw tooLarge('Nothing is left of what was captured');
  const wanted = amount ?? left;
  if (subtract(left, wanted).amount < 0) throw tooLarge('The refunds would exceed what was captured');
  return [{ type: 'RefundRequested', data: { ...owned, refundId, amount: wanted, reason } }];
};

/** @throws DomainError `payment.illegal_transition` where the refund was not asked for, or came to something else. */
export const recordRefund = (
  { refundId, reference }: DataOf<'RecordRefund'>,
  payment: Payment,
  owned: Owned,
): PaymentEvent[] => {
  const refund = refundOf(payment, refundId);
  if (refund?.outcome === 'refunded' && refund.reference === reference) return [];
  if (refund?.outcome !== 'requested') throw illegalTransition('RecordRefund');
  return [{ type: 'PaymentRefunded', data: { ...owned, refundId, reference, amount: refund.amount } }];
};

/** @throws DomainError `payment.illegal_transition` where the refund was not asked for, or was made. */
export const recordRefundRefusal = (
  { refundId, code }: DataOf<'RecordRefundRefusal'>,
  payment: Payment,
  owned: Owned,
): PaymentEvent[] => {
  const refund = refundOf(payment, refundId);
  if (refund?.outcome === 'refused') return [];
  if (refund?.outcome !== 'requested') throw illegalTransition('RecordRefundRefusal');
  return [{ type: 'RefundRefused', data: { ...owned, refundId, code } }];
};

const refundOf = ({ refunds }: Payment, refundId: string) => refunds.find((refund) => refund.refundId === refundId);

/** What is left of a capture when all refunds that were made, or still may be, are taken from it. */
const leftOf = (captured: Money, { refunds }: Payment): Money =>
  refunds
    .filter(({ outcome }) => outcome !== 'refused')
    .map(({ amount }) => amount)
    .reduce(subtract, captured);

const tooLarge = (detail: string) => new DomainError('payment.refund_too_large', detail);
