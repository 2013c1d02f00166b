import type { Money } from '../shared/money.js';
import type { AuthorisationOutcome, CaptureOutcome, RefundOutcome } from './commands.js';
import type { PaymentEvent } from './events.js';

export type Authorisation = Readonly<{
  attempt: number;
  amount: Money;
  method: string;
  outcome: AuthorisationOutcome;
  reference: string | null;
}>;
export type Capture = Readonly<{ outcome: CaptureOutcome; amount: Money; reference: string | null }>;
export type Refund = Readonly<{ refundId: string; outcome: RefundOutcome; amount: Money; reference: string | null }>;

/** The payment of one order: its latest authorisation, the capture of it, refunds of that, what the provider told. */
export type Payment = Readonly<{
  userId: string | null;
  authorisation: Authorisation | null;
  capture: Capture | null;
  refunds: readonly Refund[];
  /** The ids of the provider's notices. */
  notices: readonly string[];
}>;

/** The payment of an order that nobody has begun to pay. */
export const noPayment: Payment = { userId: null, authorisation: null, capture: null, refunds: [], notices: [] };

/** The payment after one more event. */
export const evolve = (payment: Payment, { type, data }: PaymentEvent): Payment => {
  if (type === 'AuthorisationRequested') {
    const { userId, attempt, amount, method } = data;
    return { ...payment, userId, authorisation: { attempt, amount, method, outcome: 'requested', reference: null } };
  }
  const { authorisation, capture, refunds, notices } = payment;
  if (!authorisation) return payment;
  switch (type) {
    case 'PaymentAuthorised':
      return { ...payment, authorisation: { ...authorisation, outcome: 'authorised', reference: data.reference } };
    case 'PaymentDeclined':
      return { ...payment, authorisation: { ...authorisation, outcome: 'declined' } };
    case 'VoidRequested':
      return { ...payment, authorisation: { ...authorisation, outcome: 'voiding' } };
    case 'PaymentVoided':
      return { ...payment, authorisation: { ...authorisation, outcome: 'voided' } };
    case 'CaptureRequested':
      return { ...payment, capture: { outcome: 'requested', amount: data.amount, reference: null } };
    case 'PaymentCaptured':
      return { ...payment, capture: capture && { ...capture, outcome: 'captured', reference: data.reference } };
    case 'CaptureRefused':
      return { ...payment, capture: capture && { ...capture, outcome: 'refused' } };
    case 'RefundRequested': {
      const { refundId, amount } = data;
      return { ...payment, refunds: [...refunds, { refundId, outcome: 'requested', amount, reference: null }] };
    }
    case 'PaymentRefunded':
      return { ...payment, refunds: concluded(refunds, data.refundId, 'refunded', data.reference) };
    case 'RefundRefused':
      return { ...payment, refunds: concluded(refunds, data.refundId, 'refused', null) };
    case 'ProviderNoticeRecorded':
      return { ...payment, notices: [...notices, data.noticeId] };
  }
};

const concluded = (refunds: readonly Refund[], id: string, outcome: RefundOutcome, reference: string | null) =>
  refunds.map((refund) => (refund.refundId === id ? { ...refund, outcome, reference } : refund));
