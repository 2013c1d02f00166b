import type { PaymentCommand, PaymentStanding } from '../../domains/payments/commands.js';
import type { Money } from '../../domains/shared/money.js';
import type { Cause } from './fulfilment.js';
import { keyOf } from './idempotency-keys.js';
import { captureUntilKnown } from './payment-activities.js';
import { answered, authorisedAs, type PaymentCalls } from './payment-calls.js';
import { refundWhatIsLeft } from './refund-activities.js';
import { insisting, postponed } from './refusals.js';

/** `attempt` is the last that can have been begun. */
type UpTo = Readonly<{ cause: Cause; attempt: number; amount: Money }>;
type Undo = Omit<UpTo, 'attempt'>;

/** The undo of what a payment has come to. */
export const createUndoingPayments = (calls: PaymentCalls) => {
  const { tell, standingOf, provider } = calls;

  /**
   * A capture whose outcome is unknown is asked for again: what took effect must go back. Gives where the payment stood
   * before its refund.
   */
  const refundCaptured = async ({ cause, amount }: Undo): Promise<PaymentStanding> => {
    const before = await standingOf(cause.orderId);
    const { authorisation, capture } = before;
    const isUnknown = authorisation !== null && capture?.outcome === 'requested';
    const { attempt } = authorisation ?? { attempt: 1 };
    const settled = isUnknown ? await captureUntilKnown(calls, { cause, attempt, amount }) : before;
    if (settled.captured) await refundWhatIsLeft(calls, cause, 'not_fulfilled');
    return settled;
  };

  /** The undo of capture. */
  const undoCapture = async (input: Undo): Promise<void> => {
    await refundCaptured(input);
  };

  /**
   * The undo of authorise; does nothing where nothing was authorised. A capture that was begun after its own undo, by a
   * worker that does not know yet that the saga goes back, is refunded: once the void is asked for, none can be begun.
   */
  const voidPayment = async ({ cause, attempt: last, amount }: UpTo) => {
    const { workflowId, orderId } = cause;
    const before = await refundCaptured({ cause, amount });
    if (before.captured) return;
    const attempt = await settleAuthorisations(cause, before, last);
    if (attempt === null) return;

    const key = keyOf(workflowId, 'void', attempt);
    const requested = await tell(cause, { type: 'RequestVoid', data: { orderId } }, `${key}/request`);
    if (requested.authorisation?.outcome !== 'voiding') return;
    const reply = await answered(provider.voidAuthorisation({ key, reference: authorisedAs(requested) }));
    if (reply.outcome === 'refused') throw voidRefused(reply.code);
    await tell(cause, { type: 'RecordVoid', data: { orderId } }, `${key}/record`);
  };

  /** Sees to it that no authorise call takes effect any more; gives the attempt that did, `null` where none did. */
  const settleAuthorisations = async (
    cause: Cause,
    { authorisation }: PaymentStanding,
    last: number,
  ): Promise<number | null> => {
    const { attempt: latest, outcome } = authorisation ?? { attempt: 0, outcome: 'declined' };
    if (outcome !== 'requested' && outcome !== 'declined') return latest;
    const first = outcome === 'requested' ? latest : latest + 1;
    for (let attempt = first; attempt <= Math.max(last, latest); attempt += 1)
      if (await voidUnanswered(cause, attempt)) return attempt;
    return null;
  };

  /**
   * Has the provider void whatever an authorise call did that nobody heard of, or refuse it when it comes late, and
   * records what it did, under the name that the call itself would have used. Says whether it took effect.
   */
  const voidUnanswered = async (cause: Cause, attempt: number): Promise<boolean> => {
    const { workflowId, orderId } = cause;
    const authoriseKey = keyOf(workflowId, 'authorise', attempt);
    const key = keyOf(workflowId, 'void-unanswered', attempt);
    const reply = await answered(provider.voidByKey({ key, authoriseKey }));
    if (reply.outcome === 'refused') throw voidRefused(reply.code);
    const { reference } = reply;
    if ((await standingOf(orderId)).authorisation?.attempt !== attempt) return false;
    const record: PaymentCommand = reference
      ? { type: 'RecordAuthorisation', data: { orderId, attempt, reference } }
      : { type: 'RecordDecline', data: { orderId, attempt, code: 'voided_unanswered' } };
    await tell(cause, record, `${authoriseKey}/record`);
    return reference !== null;
  };

  return { undoCapture: insisting(undoCapture), voidPayment: insisting(voidPayment) };
};

/** Tried again, seen by everybody, until somebody sees to it. */
const voidRefused = (code: string) => postponed('void_refused', `The provider said ${code}`);
