import { givenFor } from '../shared/given.js';
import type { PaymentCommand } from './commands.js';
import type { PaymentEvent } from './events.js';
import { payment } from './payment.js';

const given = givenFor(payment);
const orderId = 'o1';
const owned = { orderId, userId: 'u1' };
const eur = (amount: number) => ({ amount, currency: 'EUR' });
const amount = eur(900);

const authorise = (attempt = 1, method = 'pm_ok'): PaymentCommand => ({
  type: 'RequestAuthorisation',
  data: { ...owned, attempt, amount, method },
});
const recordAuthorisation: PaymentCommand = {
  type: 'RecordAuthorisation',
  data: { orderId, attempt: 1, reference: 'auth1' },
};
const recordDecline: PaymentCommand = { type: 'RecordDecline', data: { orderId, attempt: 1, code: 'card_declined' } };
const capture: PaymentCommand = { type: 'RequestCapture', data: { orderId } };
const recordCapture: PaymentCommand = { type: 'RecordCapture', data: { orderId, reference: 'cap1' } };
const recordRefusal: PaymentCommand = { type: 'RecordCaptureRefusal', data: { orderId, code: 'capture_refused' } };
const requestVoid: PaymentCommand = { type: 'RequestVoid', data: { orderId } };
const recordVoid: PaymentCommand = { type: 'RecordVoid', data: { orderId } };
const refund = (refundId: string, of: number): PaymentCommand => ({
  type: 'RequestRefund',
  data: { orderId, refundId, amount: eur(of), reason: 'saga' },
});
const recordRefund: PaymentCommand = { type: 'RecordRefund', data: { orderId, refundId: 'r1', reference: 'ref1' } };

const requested: PaymentEvent = {
  type: 'AuthorisationRequested',
  data: { ...owned, attempt: 1, amount, method: 'pm_ok' },
};
const authorised: PaymentEvent = {
  type: 'PaymentAuthorised',
  data: { ...owned, attempt: 1, reference: 'auth1', amount },
};
const declined: PaymentEvent = { type: 'PaymentDeclined', data: { ...owned, attempt: 1, code: 'card_declined' } };
const captureRequested: PaymentEvent = { type: 'CaptureRequested', data: { ...owned, amount } };
const captured: PaymentEvent = { type: 'PaymentCaptured', data: { ...owned, reference: 'cap1', amount } };
const captureRefused: PaymentEvent = { type: 'CaptureRefused', data: { ...owned, code: 'capture_refused' } };
const voidRequested: PaymentEvent = { type: 'VoidRequested', data: owned };
const voided: PaymentEvent = { type: 'PaymentVoided', data: owned };
const refundRequested = (refundId: string, of: number): PaymentEvent => ({
  type: 'RefundRequested',
  data: { ...owned, refundId, amount: eur(of), reason: 'saga' },
});
const refunded: PaymentEvent = {
  type: 'PaymentRefunded',
  data: { ...owned, refundId: 'r1', reference: 'ref1', amount },
};
const refundRefused: PaymentEvent = { type: 'RefundRefused', data: { ...owned, refundId: 'r1', code: 'no' } };

const taken = [requested, authorised, captureRequested, captured];

describe('an authorisation', () => {
  it('is requested before the provider is called', () => given().when(authorise()).thenEmits(requested));
  it('ignores a repeat of the request', () => given(requested).when(authorise()).thenEmits());
  it('is recorded', () => given(requested).when(recordAuthorisation).thenEmits(authorised));
  it('ignores a repeat of its record', () => given(requested, authorised).when(recordAuthorisation).thenEmits());
  it('is declined', () => given(requested).when(recordDecline).thenEmits(declined));
  it('is not declined once made', () =>
    given(requested, authorised).when(recordDecline).thenRejects('payment.illegal_transition'));
  it('is tried again with another method after a decline', () =>
    given(requested, declined)
      .when(authorise(2, 'pm_slow'))
      .thenEmits({ type: 'AuthorisationRequested', data: { ...owned, attempt: 2, amount, method: 'pm_slow' } }));
  it('is not tried again while it may still succeed', () =>
    given(requested).when(authorise(2)).thenRejects('payment.illegal_transition'));
  it('must be requested first', () => given().when(recordAuthorisation).thenRejects('payment.not_found'));
});

describe('a capture', () => {
  it('takes what was authorised', () => given(requested, authorised).when(capture).thenEmits(captureRequested));
  it('needs an authorisation', () => given(requested).when(capture).thenRejects('payment.illegal_transition'));
  it('ignores a repeat of the request', () => given(requested, authorised, captureRequested).when(capture).thenEmits());
  it('is recorded', () => given(requested, authorised, captureRequested).when(recordCapture).thenEmits(captured));
  it('ignores a repeat of its record', () =>
    given(...taken)
      .when(recordCapture)
      .thenEmits());
  it('is refused', () => given(requested, authorised, captureRequested).when(recordRefusal).thenEmits(captureRefused));
  it('is not made of a voided authorisation', () =>
    given(requested, authorised, voidRequested, voided).when(capture).thenRejects('payment.illegal_transition'));
});

describe('a void', () => {
  it('is requested', () => given(requested, authorised).when(requestVoid).thenEmits(voidRequested));
  it('is recorded', () => given(requested, authorised, voidRequested).when(recordVoid).thenEmits(voided));
  it('follows a refused capture', () =>
    given(requested, authorised, captureRequested, captureRefused).when(requestVoid).thenEmits(voidRequested));
  it('has nothing to do after a decline', () => given(requested, declined).when(requestVoid).thenEmits());
  it('does not follow a capture', () =>
    given(...taken)
      .when(requestVoid)
      .thenRejects('payment.illegal_transition'));
  it('waits until the outcome of the authorisation is known', () =>
    given(requested).when(requestVoid).thenRejects('payment.illegal_transition'));
});

describe('a refund', () => {
  it('is requested', () =>
    given(...taken)
      .when(refund('r1', 900))
      .thenEmits(refundRequested('r1', 900)));
  it('is recorded', () =>
    given(...taken, refundRequested('r1', 900))
      .when(recordRefund)
      .thenEmits(refunded));
  it('needs a capture', () =>
    given(requested, authorised).when(refund('r1', 1)).thenRejects('payment.illegal_transition'));
  it('is not more than was captured', () =>
    given(...taken)
      .when(refund('r1', 901))
      .thenRejects('payment.refund_too_large'));
  it('counts others that were requested', () =>
    given(...taken, refundRequested('r1', 500))
      .when(refund('r2', 401))
      .thenRejects('payment.refund_too_large'));
  it('does not count those that were refused', () =>
    given(...taken, refundRequested('r1', 900), refundRefused)
      .when(refund('r2', 900))
      .thenEmits(refundRequested('r2', 900)));
  it('ignores a repeat', () =>
    given(...taken, refundRequested('r1', 900))
      .when(refund('r1', 900))
      .thenEmits());
});
