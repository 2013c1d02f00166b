import type { Message } from '../shared/decider.js';
import type { Money } from '../shared/money.js';
import { fields, id, integer, money, optional, parseBy, text } from '../shared/parse.js';

/**
 * Each call to the provider is bracketed: `Request…` is decided first and counted by later decisions, then the call is
 * made, then its outcome recorded.
 */
export type PaymentCommand =
  | Message<'RequestAuthorisation', { orderId: string; userId: string; attempt: number; amount: Money; method: string }>
  | Message<'RecordAuthorisation', { orderId: string; attempt: number; reference: string }>
  | Message<'RecordDecline', { orderId: string; attempt: number; code: string }>
  | Message<'RequestCapture', { orderId: string }>
  | Message<'RecordCapture', { orderId: string; reference: string }>
  | Message<'RecordCaptureRefusal', { orderId: string; code: string }>
  | Message<'RequestVoid', { orderId: string }>
  | Message<'RecordVoid', { orderId: string }>
  /** Without an amount it is all that is left of the capture. */
  | Message<'RequestRefund', { orderId: string; refundId: string; amount: Money | null; reason: string }>
  | Message<'RecordRefund', { orderId: string; refundId: string; reference: string }>
  | Message<'RecordRefundRefusal', { orderId: string; refundId: string; code: string }>
  | Message<'RecordProviderNotice', { orderId: string; noticeId: string; kind: string }>;

/** The data of a command. */
export type DataOf<Type extends PaymentCommand['type']> = Extract<PaymentCommand, { type: Type }>['data'];

const attempt = integer(1, 1000);
const code = text(100);
const reference = id;

/** How the data of each command is made sense of. */
export const paymentParsers: { readonly [Type in PaymentCommand['type']]: (data: unknown) => DataOf<Type> } = {
  RequestAuthorisation: parseBy(fields({ orderId: id, userId: id, attempt, amount: money, method: id })),
  RecordAuthorisation: parseBy(fields({ orderId: id, attempt, reference })),
  RecordDecline: parseBy(fields({ orderId: id, attempt, code })),
  RequestCapture: parseBy(fields({ orderId: id })),
  RecordCapture: parseBy(fields({ orderId: id, reference })),
  RecordCaptureRefusal: parseBy(fields({ orderId: id, code })),
  RequestVoid: parseBy(fields({ orderId: id })),
  RecordVoid: parseBy(fields({ orderId: id })),
  RequestRefund: parseBy(fields({ orderId: id, refundId: id, amount: optional(money), reason: text(500) })),
  RecordRefund: parseBy(fields({ orderId: id, refundId: id, reference })),
  RecordRefundRefusal: parseBy(fields({ orderId: id, refundId: id, code })),
  RecordProviderNotice: parseBy(fields({ orderId: id, noticeId: id, kind: text(100) })),
};

export const parsePaymentQuestion = parseBy(fields({ orderId: id }));

/** Where a payment stands, as `payments: standingOf` answers: all that the saga needs to call the provider. */
export type PaymentStanding = Readonly<{
  authorisation: Readonly<{ attempt: number; reference: string | null; outcome: AuthorisationOutcome }> | null;
  capture: Readonly<{ reference: string | null; outcome: CaptureOutcome }> | null;
  captured: Money | null;
  /** In the order in which they were asked for. */
  refunds: readonly RefundStanding[];
}>;
export type RefundStanding = Readonly<{
  refundId: string;
  amount: Money;
  reference: string | null;
  outcome: RefundOutcome;
}>;
export type AuthorisationOutcome = 'requested' | 'authorised' | 'declined' | 'voiding' | 'voided';
export type CaptureOutcome = 'requested' | 'captured' | 'refused';
export type RefundOutcome = 'requested' | 'refunded' | 'refused';
