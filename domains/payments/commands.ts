import type { Message } from '../shared/decider.js';
import type { Money } from '../shared/money.js';
import { fields, id, integer, money, parseBy, text } from '../shared/parse.js';

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
  | Message<'RequestRefund', { orderId: string; refundId: string; amount: Money; reason: string }>
  | Message<'RecordRefund', { orderId: string; refundId: string; reference: string }>
  | Message<'RecordRefundRefusal', { orderId: string; refundId: string; code: string }>;

type DataOf<Type extends PaymentCommand['type']> = Extract<PaymentCommand, { type: Type }>['data'];

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
  RequestRefund: parseBy(fields({ orderId: id, refundId: id, amount: money, reason: text(500) })),
  RecordRefund: parseBy(fields({ orderId: id, refundId: id, reference })),
  RecordRefundRefusal: parseBy(fields({ orderId: id, refundId: id, code })),
};

export const parsePaymentQuestion = parseBy(fields({ orderId: id }));

/** Where a payment stands, as `payments: standingOf` answers: all that the saga needs to call the provider. */
export type PaymentStanding = Readonly<{
  authorisation: Readonly<{ attempt: number; reference: string | null; outcome: AuthorisationOutcome }> | null;
  capture: Readonly<{ reference: string | null; outcome: 'requested' | 'captured' | 'refused' }> | null;
  captured: Money | null;
}>;
export type AuthorisationOutcome = 'requested' | 'authorised' | 'declined' | 'voiding' | 'voided';
