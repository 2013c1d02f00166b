import type { PaymentStanding, RefundStanding } from '../../domains/payments/commands.js';
import { isDomainError } from '../../domains/shared/errors.js';
import { refundIdOf, type Cause } from './fulfilment.js';
import { idNamed, keyOf } from './idempotency-keys.js';
import { answered, type PaymentCalls } from './payment-calls.js';
import { insisting, postponed } from './refusals.js';

type OfRefund = Readonly<{ cause: Cause; refundId: string }>;

export const createRefundActivities = (calls: PaymentCalls) => {
  /** Has a refund made that was asked for in the payment's stream; gives what came of it, `null` where there is none. */
  const settleRefund = async ({ cause, refundId }: OfRefund): Promise<'refunded' | 'refused' | null> => {
    const standing = await calls.standingOf(cause.orderId);
    const refund = standing.refunds.find((each) => each.refundId === refundId);
    if (!refund) return null;
    if (refund.outcome !== 'requested') return refund.outcome;
    return settle(calls, cause, { standing, refund, key: keyOf(cause.workflowId, 'refund', 1) });
  };

  const refundRest = (cause: Cause) => refundWhatIsLeft(calls, cause, 'returned');

  return { settleRefund: insisting(settleRefund), refundRest: insisting(refundRest) };
};

/**
 * Gives back all that was captured and not given back yet. One that the provider refuses is followed by another, with a
 * key of its own, since the provider gives its first answer for ever. A refund that staff asked for and that has no
 * outcome yet gets one first, as its own workflow gives it.
 *
 * @throws ApplicationFailure where it is to be tried again.
 */
export const refundWhatIsLeft = async (calls: PaymentCalls, cause: Cause, reason: string): Promise<void> => {
  const { orderId } = cause;
  const before = await calls.standingOf(orderId);
  const key = refundKeyOf(cause.workflowId, before.refunds);
  const refundId = idNamed(key);
  for (const other of before.refunds.filter(({ outcome }) => outcome === 'requested'))
    if (other.refundId !== refundId)
      await settle(calls, cause, {
        ...{ standing: before, refund: other },
        key: keyOf(refundIdOf(other.refundId), 'refund', 1),
      });
  const standing = await requestRest(calls, cause, { refundId, reason, key });
  const refund = standing?.refunds.find((each) => each.refundId === refundId);
  if (!standing || !refund) return;
  if ((await settle(calls, cause, { standing, refund, key })) === 'refused')
    throw postponed('refund_refused', 'The provider refused the refund');
  await refundWhatIsLeft(calls, cause, reason);
};

/** Gives `null` where nothing is left. */
const requestRest = async (
  { tell }: PaymentCalls,
  cause: Cause,
  { refundId, reason, key }: Readonly<{ refundId: string; reason: string; key: string }>,
): Promise<PaymentStanding | null> => {
  const data = { orderId: cause.orderId, refundId, amount: null, reason };
  try {
    return await tell(cause, { type: 'RequestRefund', data }, `${key}/request`);
  } catch (error) {
    if (isDomainError(error) && error.code === 'payment.refund_too_large') return null;
    throw error;
  }
};

type Settled = Readonly<{ standing: PaymentStanding; refund: RefundStanding; key: string }>;

const settle = async (
  { tell, provider }: PaymentCalls,
  cause: Cause,
  { standing, refund: { refundId, amount }, key }: Settled,
): Promise<'refunded' | 'refused'> => {
  const { orderId } = cause;
  const captureReference = standing.capture?.reference;
  if (!captureReference) throw new Error('The payment has no capture to refund');
  const reply = await answered(provider.refund({ key, captureReference, amount }));
  if (reply.outcome === 'refused') {
    const { code } = reply;
    await tell(cause, { type: 'RecordRefundRefusal', data: { orderId, refundId, code } }, `${key}/record`);
    return 'refused';
  }
  const { reference } = reply;
  await tell(cause, { type: 'RecordRefund', data: { orderId, refundId, reference } }, `${key}/record`);
  return 'refunded';
};

/** The key of the refund that is under way, or of the next one. */
const refundKeyOf = (workflowId: string, refunds: readonly RefundStanding[], attempt = 1): string => {
  const key = keyOf(workflowId, 'refund', attempt);
  const isOver = refunds.some(({ refundId, outcome }) => refundId === idNamed(key) && outcome !== 'requested');
  return isOver ? refundKeyOf(workflowId, refunds, attempt + 1) : key;
};
