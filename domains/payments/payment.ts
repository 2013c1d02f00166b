import type { Decider } from '../shared/decider.js';
import { DomainError } from '../shared/errors.js';
import { isSameMoney } from '../shared/money.js';
import type { DataOf, PaymentCommand } from './commands.js';
import type { PaymentEvent } from './events.js';
import { illegalTransition } from './illegal-transition.js';
import { evolve, noPayment, type Authorisation, type Payment } from './payment-state.js';
import { recordRefund, recordRefundRefusal, requestRefund } from './refunds.js';

const decide = ({ type, data }: PaymentCommand, payment: Payment): readonly PaymentEvent[] => {
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
      if (authorisation.attempt !== attempt || authorisation.outcome !== 'requested') throw illegalTransition(type);
      return [{ type: 'PaymentDeclined', data: { ...owned, attempt, code } }];
    }
    case 'RequestCapture':
      if (authorisation.outcome !== 'authorised' || capture?.outcome === 'refused') throw illegalTransition(type);
      if (capture) return [];
      return [{ type: 'CaptureRequested', data: { ...owned, amount: authorisation.amount } }];
    case 'RecordCapture':
      if (capture?.outcome === 'captured' && capture.reference === data.reference) return [];
      if (capture?.outcome !== 'requested') throw illegalTransition(type);
      return [{ type: 'PaymentCaptured', data: { ...owned, reference: data.reference, amount: capture.amount } }];
    case 'RecordCaptureRefusal':
      if (capture?.outcome === 'refused') return [];
      if (capture?.outcome !== 'requested') throw illegalTransition(type);
      return [{ type: 'CaptureRefused', data: { ...owned, code: data.code } }];
    case 'RequestVoid':
      if (authorisation.outcome !== 'authorised') return nothingToVoid(authorisation, type);
      if (capture && capture.outcome !== 'refused') throw illegalTransition(type);
      return [{ type: 'VoidRequested', data: owned }];
    case 'RecordVoid':
      if (authorisation.outcome === 'voided') return [];
      if (authorisation.outcome !== 'voiding') throw illegalTransition(type);
      return [{ type: 'PaymentVoided', data: owned }];
    case 'RequestRefund':
      return requestRefund(data, payment, owned);
    case 'RecordRefund':
      return recordRefund(data, payment, owned);
    case 'RecordRefundRefusal':
      return recordRefundRefusal(data, payment, owned);
    case 'RecordProviderNotice': {
      const { noticeId, kind } = data;
      if (payment.notices.includes(noticeId)) return [];
      return [{ type: 'ProviderNoticeRecorded', data: { ...owned, noticeId, kind } }];
    }
  }
};

type Owned = Readonly<{ orderId: string; userId: string }>;

const requestAuthorisation = (data: DataOf<'RequestAuthorisation'>, { authorisation }: Payment): PaymentEvent[] => {
  const isRepeat = authorisation?.attempt === data.attempt && isSameMoney(authorisation.amount, data.amount);
  if (isRepeat && authorisation.method === data.method) return [];
  const mayFollow = authorisation === null || authorisation.outcome === 'declined';
  if (!mayFollow || data.attempt !== (authorisation?.attempt ?? 0) + 1) throw illegalTransition('RequestAuthorisation');
  return [{ type: 'AuthorisationRequested', data }];
};

const recordAuthorisation = (
  { attempt, reference }: DataOf<'RecordAuthorisation'>,
  authorisation: Authorisation,
  owned: Owned,
): PaymentEvent[] => {
  if (authorisation.attempt === attempt && authorisation.reference === reference) return [];
  if (authorisation.attempt !== attempt || authorisation.outcome !== 'requested')
    throw illegalTransition('RecordAuthorisation');
  return [{ type: 'PaymentAuthorised', data: { ...owned, attempt, reference, amount: authorisation.amount } }];
};

const nothingToVoid = ({ outcome }: Authorisation, command: string): [] => {
  if (outcome === 'requested') throw illegalTransition(command);
  return [];
};

export const payment: Decider<Payment, PaymentCommand, PaymentEvent> = {
  initial: noPayment,
  decide,
  evolve,
};
