import type { PaymentCommand } from '../commands.js';
import type { PaymentEvent } from '../events.js';

// The commands and events of one payment, as specs give and expect them.

export const orderId = 'o1';
export const owned = { orderId, userId: 'u1' };
export const eur = (amount: number) => ({ amount, currency: 'EUR' });
export const amount = eur(900);

export const authorise = (attempt = 1, method = 'pm_ok'): PaymentCommand => ({
  type: 'RequestAuthorisation',
  data: { ...owned, attempt, amount, method },
});
export const recordAuthorisation: PaymentCommand = {
  type: 'RecordAuthorisation',
  data: { orderId, attempt: 1, reference: 'auth1' },
};
export const recordDecline: PaymentCommand = {
  type: 'RecordDecline',
  data: { orderId, attempt: 1, code: 'card_declined' },
};
export const capture: PaymentCommand = { type: 'RequestCapture', data: { orderId } };
export const recordCapture: PaymentCommand = { type: 'RecordCapture', data: { orderId, reference: 'cap1' } };
export const recordRefusal: PaymentCommand = {
  type: 'RecordCaptureRefusal',
  data: { orderId, code: 'capture_refused' },
};
export const requestVoid: PaymentCommand = { type: 'RequestVoid', data: { orderId } };
export const recordVoid: PaymentCommand = { type: 'RecordVoid', data: { orderId } };
export const refund = (refundId: string, of: number | null): PaymentCommand => ({
  type: 'RequestRefund',
  data: { orderId, refundId, amount: of === null ? null : eur(of), reason: 'saga' },
});
export const recordRefund: PaymentCommand = {
  type: 'RecordRefund',
  data: { orderId, refundId: 'r1', reference: 'ref1' },
};
export const recordRefundRefusal: PaymentCommand = {
  type: 'RecordRefundRefusal',
  data: { orderId, refundId: 'r1', code: 'no' },
};
export const notice = (noticeId: string): PaymentCommand => ({
  type: 'RecordProviderNotice',
  data: { orderId, noticeId, kind: 'dispute' },
});

export const requested: PaymentEvent = {
  type: 'AuthorisationRequested',
  data: { ...owned, attempt: 1, amount, method: 'pm_ok' },
};
export const authorised: PaymentEvent = {
  type: 'PaymentAuthorised',
  data: { ...owned, attempt: 1, reference: 'auth1', amount },
};
export const declined: PaymentEvent = {
  type: 'PaymentDeclined',
  data: { ...owned, attempt: 1, code: 'card_declined' },
};
export const captureRequested: PaymentEvent = { type: 'CaptureRequested', data: { ...owned, amount } };
export const captured: PaymentEvent = { type: 'PaymentCaptured', data: { ...owned, reference: 'cap1', amount } };
export const captureRefused: PaymentEvent = { type: 'CaptureRefused', data: { ...owned, code: 'capture_refused' } };
export const voidRequested: PaymentEvent = { type: 'VoidRequested', data: owned };
export const voided: PaymentEvent = { type: 'PaymentVoided', data: owned };
export const refundRequested = (refundId: string, of: number): PaymentEvent => ({
  type: 'RefundRequested',
  data: { ...owned, refundId, amount: eur(of), reason: 'saga' },
});
export const refunded: PaymentEvent = {
  type: 'PaymentRefunded',
  data: { ...owned, refundId: 'r1', reference: 'ref1', amount },
};
export const refundRefused: PaymentEvent = { type: 'RefundRefused', data: { ...owned, refundId: 'r1', code: 'no' } };
export const noticed: PaymentEvent = {
  type: 'ProviderNoticeRecorded',
  data: { ...owned, noticeId: 'n1', kind: 'dispute' },
};

export const taken = [requested, authorised, captureRequested, captured];
