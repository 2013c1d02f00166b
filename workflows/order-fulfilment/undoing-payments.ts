import type { PaymentCommand, PaymentStanding } from '../../domains/payments/commands.js';
import type { Cause } from './fulfilment.js';
import { keyOf } from './idempotency-keys.js';
import { captureUntilKnown, type Capture } from './payment-activities.js';
import { answered, authorisedAs, type PaymentCalls } from './payment-calls.js';
import { refundWhatIsLeft } from './refund-activities.js';
import { failure, insisting } from './refusals.js';

type OfAttempt = Readonly<{ cause: Cause; attempt: number }>;

/** The undo of what a payment has come to. */
export const createUndoingPayments = (calls: PaymentCalls) => {
  const { tell, standingOf, provider } = calls;

  /** The undo of capture. A capture whose outcome is unknown is asked for again: what took effect must go back. */
  const undoCapture = async (input: Capture) => {
    const { cause } = input;
    const before = await standingOf(cause.orderId);
    const { captured } = before.capture?.outcome === 'requested' ? await captureUntilKnown(calls, input) : before;
    if (captured) await refundWhatIsLeft(calls, cause, 'not_fulfilled');
  };

  /** The undo of authorise; does nothing where nothing was authorised, or where what was captured has been refunded. */
  const voidPayment = async ({ cause, attempt: known }: OfAttempt) => {
    const { workflowId, orderId } = cause;
    const before = await standingOf(orderId);
    if (before.captured) return;
    const attempt = Math.max(known, before.authorisation?.attempt ?? 1);
    if (isUnanswered(before, attempt) && !(await voidUnanswered(cause, attempt))) return;

    const key = keyOf(workflowId, 'void', attempt);
    const requested = await tell(cause, { type: 'RequestVoid', data: { orderId } }, `${key}/request`);
    if (requested.authorisation?.outcome !== 'voiding') return;
    const reply = await answered(provider.voidAuthorisation({ key, reference: authorisedAs(requested) }));
    if (reply.outcome === 'refused') throw voidRefused(reply.code);
    await tell(cause, { type: 'RecordVoid', data: { orderId } }, `${key}/record`);
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

const isUnanswered = ({ authorisation }: PaymentStanding, attempt: number) =>
  authorisation?.attempt !== attempt || authorisation.outcome === 'requested';

/** Tried again, seen by everybody, until somebody sees to it. */
const voidRefused = (code: string) => failure('void_refused', `The provider said ${code}`);
