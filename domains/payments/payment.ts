import type { Decider } from '../shared/decider.js';
import { DomainError } from '../shared/errors.js';
import { add, isSameMoney, type Money } from '../shared/money.js';
import type { AuthorisationOutcome, PaymentCommand } from './commands.js';
import type { PaymentEvent } from './events.js';

type Authorisation = Readonly<{
  attempt: number;
  amount: Money;
  method: string;
  outcome: AuthorisationOutcome;
  reference: string | null;
  code: string | null;
}>;
type Capture = Readonly<{
  outcome: 'requested' | 'captured' | 'refused';
  amount: Money;
  reference: string | null;
  code: string | null;
}>;
type Refund = Readonly<{ outcome: 'requested' | 'refunded' | 'refused'; amount: Money; reason: string }>;

/** The payment of one order: its latest authorisation, the capture of it, and refunds of that. */
export type Payment = Readonly<{
  userId: string | null;
  authorisation: Authorisation | null;
  capture: Capture | null;
  refunds: Readonly<Record<string, Refund>>;
}>;

const decide = (command: PaymentCommand, payment: Payment): readonly PaymentEvent[] => {
  const { type, data } = command;
  if (type === 'RequestAuthorisation') return requestAuthorisation(data, payment);
  const { userId, authorisation, capture } = payment;
  if (userId === null || authorisation === null)
    throw new DomainError('payment.not_found', `There is no payment for order ${data.orderId}`);
  const owned = { orderId: data.orderId, userId };
  switch (type) {
    case 'RecordAuthorisation':
      return recordAuthorisation(data, authorisation, owned);
    case 'RecordDecline': {
      const { attempt, code } = data;
      if (authorisation.attempt === attempt && authorisation.outcome === 'declined') return [];
      if (authorisation.attempt !== attempt || authorisation.outcome !== 'requested') throw illegal(type);
      return [{ type: 'PaymentDeclined', data: { ...owned, attempt, code } }];
    }
    case 'RequestCapture':
      if (capture) return [];
      if (authorisation.outcome !== 'authorised') throw illegal(type);
      return [{ type: 'CaptureRequested', data: { ...owned, amount: authorisation.amount } }];
    case 'RecordCapture':
      if (capture?.outcome === 'captured' && capture.reference === data.reference) return [];
      if (capture?.outcome !== 'requested') throw illegal(type);
      return [{ type: 'PaymentCaptured', data: { ...owned, reference: data.reference, amount: capture.amount } }];
    case 'RecordCaptureRefusal':
      if (capture?.outcome === 'refused') return [];
      if (capture?.outcome !== 'requested') throw illegal(type);
      return [{ type: 'CaptureRefused', data: { ...owned, code: data.code } }];
    case 'RequestVoid':
      if (authorisation.outcome !== 'authorised') return nothingToVoid(authorisation, type);
      if (capture && capture.outcome !== 'refused') throw illegal(type);
      return [{ type: 'VoidRequested', data: owned }];
    case 'RecordVoid':
      if (authorisation.outcome === 'voided') return [];
      if (authorisation.outcome !== 'voiding') throw illegal(type);
      return [{ type: 'PaymentVoided', data: owned }];
    case 'RequestRefund':
      return requestRefund(data, payment, owned);
    case 'RecordRefund':
    case 'RecordRefundRefusal':
      return recordRefund(command, payment, owned);
  }
};

type Owned = Readonly<{ orderId: string; userId: string }>;
type DataOf<Type extends PaymentCommand['type']> = Extract<PaymentCommand, { type: Type }>['data'];

const requestAuthorisation = (data: DataOf<'RequestAuthorisation'>, { authorisation }: Payment): PaymentEvent[] => {
  const isRepeat = authorisation?.attempt === data.attempt && isSameMoney(authorisation.amount, data.amount);
  if (isRepeat && authorisation.method === data.method) return [];
  const mayFollow = authorisation === null || authorisation.outcome === 'declined';
  if (!mayFollow || data.attempt !== (authorisation?.attempt ?? 0) + 1) throw illegal('RequestAuthorisation');
  return [{ type: 'AuthorisationRequested', data }];
};

const recordAuthorisation = (
  { attempt, reference }: DataOf<'RecordAuthorisation'>,
  authorisation: Authorisation,
  owned: Owned,
): PaymentEvent[] => {
  if (authorisation.attempt === attempt && authorisation.reference === reference) return [];
  if (authorisation.attempt !== attempt || authorisation.outcome !== 'requested') throw illegal('RecordAuthorisation');
  return [{ type: 'PaymentAuthorised', data: { ...owned, attempt, reference, amount: authorisation.amount } }];
};

const nothingToVoid = ({ outcome }: Authorisation, command: string): [] => {
  if (outcome === 'requested') throw illegal(command);
  return [];
};

/** Refunds that were asked for count at once, so that two at a time cannot exceed the capture. */
const requestRefund = (data: DataOf<'RequestRefund'>, { capture, refunds }: Payment, owned: Owned): PaymentEvent[] => {
  if (refunds[data.refundId]) return [];
  if (capture?.outcome !== 'captured') throw illegal('RequestRefund');
  const others = Object.values(refunds).filter(({ outcome }) => outcome !== 'refused');
  const sum = others.map(({ amount }) => amount).reduce(add, data.amount);
  if (sum.amount > capture.amount.amount)
    throw new DomainError('payment.refund_too_large', 'The refunds would exceed what was captured');
  const { refundId, amount, reason } = data;
  return [{ type: 'RefundRequested', data: { ...owned, refundId, amount, reason } }];
};

const recordRefund = (
  { type, data }: Extract<PaymentCommand, { type: 'RecordRefund' | 'RecordRefundRefusal' }>,
  { refunds }: Payment,
  owned: Owned,
): PaymentEvent[] => {
  const refund = refunds[data.refundId];
  const wanted = type === 'RecordRefund' ? 'refunded' : 'refused';
  if (refund?.outcome === wanted) return [];
  if (refund?.outcome !== 'requested') throw illegal(type);
  const { refundId } = data;
  return type === 'RecordRefund'
    ? [{ type: 'PaymentRefunded', data: { ...owned, refundId, reference: data.reference, amount: refund.amount } }]
    : [{ type: 'RefundRefused', data: { ...owned, refundId, code: data.code } }];
};

const evolve = (payment: Payment, { type, data }: PaymentEvent): Payment => {
  if (type === 'AuthorisationRequested') {
    const { userId, attempt, amount, method } = data;
    const authorisation = { attempt, amount, method, outcome: 'requested', reference: null, code: null } as const;
    return { ...payment, userId, authorisation };
  }
  const { authorisation, capture, refunds } = payment;
  if (!authorisation) return payment;
  switch (type) {
    case 'PaymentAuthorised':
      return { ...payment, authorisation: { ...authorisation, outcome: 'authorised', reference: data.reference } };
    case 'PaymentDeclined':
      return { ...payment, authorisation: { ...authorisation, outcome: 'declined', code: data.code } };
    case 'VoidRequested':
      return { ...payment, authorisation: { ...authorisation, outcome: 'voiding' } };
    case 'PaymentVoided':
      return { ...payment, authorisation: { ...authorisation, outcome: 'voided' } };
    case 'CaptureRequested':
      return { ...payment, capture: { outcome: 'requested', amount: data.amount, reference: null, code: null } };
    case 'PaymentCaptured':
      return { ...payment, capture: capture && { ...capture, outcome: 'captured', reference: data.reference } };
    case 'CaptureRefused':
      return { ...payment, capture: capture && { ...capture, outcome: 'refused', code: data.code } };
    case 'RefundRequested': {
      const refund: Refund = { outcome: 'requested', amount: data.amount, reason: data.reason };
      return { ...payment, refunds: { ...refunds, [data.refundId]: refund } };
    }
    case 'PaymentRefunded':
    case 'RefundRefused': {
      const refund = refunds[data.refundId];
      const outcome = type === 'PaymentRefunded' ? 'refunded' : 'refused';
      return refund ? { ...payment, refunds: { ...refunds, [data.refundId]: { ...refund, outcome } } } : payment;
    }
  }
};

const illegal = (command: string) =>
  new DomainError('payment.illegal_transition', `${command} is not possible as the payment stands`);

export const payment: Decider<Payment, PaymentCommand, PaymentEvent> = {
  initial: { userId: null, authorisation: null, capture: null, refunds: {} },
  decide,
  evolve,
};
