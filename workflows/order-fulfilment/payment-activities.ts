import type { PaymentStanding } from '../../domains/payments/commands.js';
import type { Money } from '../../domains/shared/money.js';
import type { Cause } from './fulfilment.js';
import { keyOf } from './idempotency-keys.js';
import { answered, authorisedAs, type PaymentCalls } from './payment-calls.js';
import { refusal, turningBack } from './refusals.js';

type OfAttempt = Readonly<{ cause: Cause; attempt: number }>;
type Authorise = OfAttempt & Readonly<{ userId: string; amount: Money; method: string }>;
type Capture = OfAttempt & Readonly<{ amount: Money }>;

/** The bank's answer to one method: where it declines, another may do. */
export type Answered = Readonly<{ outcome: 'authorised' }> | Readonly<{ outcome: 'declined'; code: string }>;

/** Each call to the provider is bracketed: asked for in the payment's stream, made with its key, and recorded there. */
export const createPaymentActivities = (calls: PaymentCalls) => {
  const { tell, provider } = calls;

  const authorisePayment = async ({ cause, userId, attempt, amount, method }: Authorise): Promise<Answered> => {
    const { workflowId, orderId } = cause;
    const key = keyOf(workflowId, 'authorise', attempt);
    const request = { orderId, userId, attempt, amount, method };
    await tell(cause, { type: 'RequestAuthorisation', data: request }, `${key}/request`);
    const reply = await answered(provider.authorise({ key, orderId, amount, method }));
    if (reply.outcome !== 'authorised') {
      const { code } = reply;
      await tell(cause, { type: 'RecordDecline', data: { orderId, attempt, code } }, `${key}/record`);
      return { outcome: 'declined', code };
    }
    const { reference } = reply;
    await tell(cause, { type: 'RecordAuthorisation', data: { orderId, attempt, reference } }, `${key}/record`);
    return { outcome: 'authorised' };
  };

  const capturePayment = async (input: Capture): Promise<Readonly<{ paymentId: string }>> => {
    const { capture } = await captureUntilKnown(calls, input);
    if (!capture?.reference) throw refusal('capture_refused', 'The provider refused the capture');
    return { paymentId: capture.reference };
  };

  return {
    authorisePayment: turningBack(authorisePayment),
    capturePayment: turningBack(capturePayment),
  };
};

/** Asks for a capture, once under its key, and records what came of it. @throws where that is not known. */
export const captureUntilKnown = async (
  { tell, provider }: PaymentCalls,
  { cause, attempt, amount }: Capture,
): Promise<PaymentStanding> => {
  const { workflowId, orderId } = cause;
  const key = keyOf(workflowId, 'capture', attempt);
  const requested = await tell(cause, { type: 'RequestCapture', data: { orderId } }, `${key}/request`);
  const reply = await answered(provider.capture({ key, reference: authorisedAs(requested), amount }));
  return reply.outcome === 'captured'
    ? tell(cause, { type: 'RecordCapture', data: { orderId, reference: reply.reference } }, `${key}/record`)
    : tell(cause, { type: 'RecordCaptureRefusal', data: { orderId, code: reply.code } }, `${key}/record`);
};
