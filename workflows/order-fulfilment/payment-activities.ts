import { ApplicationFailure } from '@temporalio/common';
import type { PaymentCommand, PaymentStanding, RefundStanding } from '../../domains/payments/commands.js';
import type { Money } from '../../domains/shared/money.js';
import type { PaymentProviderClient } from '../../infra/payment-provider/payment-provider-client.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import type { SendCommand } from './command-sender.js';
import type { Origin } from './fulfilment.js';
import { idNamed, keyOf } from './idempotency-keys.js';
import { insisting, refusal, turningBack } from './refusals.js';

type Parts = Readonly<{ bus: ServiceBus; provider: PaymentProviderClient; send: SendCommand }>;
type OfAttempt = Readonly<{ origin: Origin; attempt: number }>;
type Authorise = OfAttempt & Readonly<{ userId: string; amount: Money; method: string }>;
type Capture = OfAttempt & Readonly<{ amount: Money }>;

/** Each call to the provider is bracketed: asked for in the payment's stream, made with its key, and recorded there. */
export const createPaymentActivities = ({ bus, provider, send }: Parts) => {
  const authorisePayment = async ({ origin, userId, attempt, amount, method }: Authorise) => {
    const { orderId } = origin;
    const key = keyOf(orderId, 'authorise', attempt);
    const request = { orderId, userId, attempt, amount, method };
    await tell(origin, { type: 'RequestAuthorisation', data: request }, `${key}/request`);
    const reply = await provider.authorise({ key, orderId, amount, method });
    if (reply.outcome !== 'authorised') {
      const { code } = reply;
      await tell(origin, { type: 'RecordDecline', data: { orderId, attempt, code } }, `${key}/record`);
      throw refusal('payment_declined', `The provider said ${code}`);
    }
    const { reference } = reply;
    await tell(origin, { type: 'RecordAuthorisation', data: { orderId, attempt, reference } }, `${key}/record`);
  };

  const capturePayment = async (input: Capture): Promise<Readonly<{ paymentId: string }>> => {
    const { capture } = await captureUntilKnown(input);
    if (!capture?.reference) throw refusal('capture_refused', 'The provider refused the capture');
    return { paymentId: capture.reference };
  };

  const captureUntilKnown = async ({ origin, attempt, amount }: Capture): Promise<PaymentStanding> => {
    const { orderId } = origin;
    const key = keyOf(orderId, 'capture', attempt);
    const requested = await tell(origin, { type: 'RequestCapture', data: { orderId } }, `${key}/request`);
    const reply = await provider.capture({ key, reference: authorisedAs(requested), amount });
    return reply.outcome === 'captured'
      ? tell(origin, { type: 'RecordCapture', data: { orderId, reference: reply.reference } }, `${key}/record`)
      : tell(origin, { type: 'RecordCaptureRefusal', data: { orderId, code: reply.code } }, `${key}/record`);
  };

  /** The undo of capture. A capture whose outcome is unknown is asked for again: what took effect must go back. */
  const refundPayment = async (input: Capture) => {
    const { origin, attempt } = input;
    const { orderId } = origin;
    const before = await standingOf(orderId);
    const standing = before.capture?.outcome === 'requested' ? await captureUntilKnown(input) : before;
    const { capture, captured, refunds } = standing;
    if (!capture?.reference || !captured) return;

    const key = refundKeyOf(orderId, refunds, attempt);
    const refundId = idNamed(key);
    const request = { orderId, refundId, amount: captured, reason: 'not_fulfilled' };
    await tell(origin, { type: 'RequestRefund', data: request }, `${key}/request`);
    const reply = await provider.refund({ key, captureReference: capture.reference, amount: captured });
    if (reply.outcome === 'refused') {
      const { code } = reply;
      await tell(origin, { type: 'RecordRefundRefusal', data: { orderId, refundId, code } }, `${key}/record`);
      throw notUndone('refund_refused', code, afterRefusals(refunds.length + 1));
    }
    const { reference } = reply;
    await tell(origin, { type: 'RecordRefund', data: { orderId, refundId, reference } }, `${key}/record`);
  };

  /** The undo of authorise; does nothing where nothing was authorised, or where what was captured has been refunded. */
  const voidPayment = async ({ origin, attempt }: OfAttempt) => {
    const { orderId } = origin;
    const before = await standingOf(orderId);
    if (before.captured) return;
    if (isUnanswered(before, attempt) && !(await voidUnanswered(origin, attempt))) return;

    const key = keyOf(orderId, 'void', attempt);
    const requested = await tell(origin, { type: 'RequestVoid', data: { orderId } }, `${key}/request`);
    if (requested.authorisation?.outcome !== 'voiding') return;
    const reply = await provider.voidAuthorisation({ key, reference: authorisedAs(requested) });
    if (reply.outcome === 'refused') throw notUndone('void_refused', reply.code);
    await tell(origin, { type: 'RecordVoid', data: { orderId } }, `${key}/record`);
  };

  /**
   * Has the provider void whatever an authorise call did that nobody heard of, or refuse it when it comes late, and
   * records what it did, under the name that the call itself would have used. Says whether it took effect.
   */
  const voidUnanswered = async (origin: Origin, attempt: number): Promise<boolean> => {
    const { orderId } = origin;
    const authoriseKey = keyOf(orderId, 'authorise', attempt);
    const key = keyOf(orderId, 'void-unanswered', attempt);
    const reply = await provider.voidByKey({ key, authoriseKey });
    if (reply.outcome === 'refused') throw notUndone('void_refused', reply.code);
    const { reference } = reply;
    if ((await standingOf(orderId)).authorisation?.attempt !== attempt) return false;
    const record: PaymentCommand = reference
      ? { type: 'RecordAuthorisation', data: { orderId, attempt, reference } }
      : { type: 'RecordDecline', data: { orderId, attempt, code: 'voided_unanswered' } };
    await tell(origin, record, `${authoriseKey}/record`);
    return reference !== null;
  };

  const tell = async (origin: Origin, command: PaymentCommand, name: string) =>
    (await send(origin, 'payments', command, name)) as PaymentStanding;

  const standingOf = async (orderId: string) =>
    (await bus.ask('payments', 'standingOf', { orderId })) as PaymentStanding;

  return {
    authorisePayment: turningBack(authorisePayment),
    capturePayment: turningBack(capturePayment),
    refundPayment: insisting(refundPayment),
    voidPayment: insisting(voidPayment),
  };
};

/** The provider gives its first answer for ever under a key: after a refusal the refund is another one, with its own. */
const refundKeyOf = (orderId: string, refunds: readonly RefundStanding[], attempt: number): string => {
  const key = keyOf(orderId, 'refund', attempt);
  const refused = refunds.some(({ refundId, outcome }) => refundId === idNamed(key) && outcome === 'refused');
  return refused ? refundKeyOf(orderId, refunds, attempt + 1) : key;
};

const isUnanswered = ({ authorisation }: PaymentStanding, attempt: number) =>
  authorisation?.attempt !== attempt || authorisation.outcome === 'requested';

const authorisedAs = ({ authorisation }: PaymentStanding): string => {
  if (!authorisation?.reference) throw new Error('The payment has no authorisation to refer to');
  return authorisation.reference;
};

/** A compensation that the provider refuses is tried again, seen by everybody, until somebody sees to it. */
const notUndone = (type: string, code: string, nextRetryDelay?: number) =>
  ApplicationFailure.create({
    ...{ message: `The provider said ${code}`, type, nonRetryable: false },
    ...(nextRetryDelay === undefined ? {} : { nextRetryDelay }),
  });

/** Milliseconds until the next refund, which is kept like every other: there must not come to be too many. */
const afterRefusals = (count: number) => Math.min(200 * 2 ** count, 600_000);
