import type { PaymentEvent } from '../../domains/payments/events.js';
import { hour, rowAfterFor } from '../shared/testing/rows.js';
import { payments } from './projection.js';

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const owned = { orderId: 'o1', userId: 'u1' };
const asked = (attempt: number, method: string): PaymentEvent => ({
  type: 'AuthorisationRequested',
  data: { ...owned, attempt, amount: eur(900), method },
});
const authorised = (attempt = 1): PaymentEvent => ({
  type: 'PaymentAuthorised',
  data: { ...owned, attempt, reference: 'a1', amount: eur(900) },
});
const declined: PaymentEvent = { type: 'PaymentDeclined', data: { ...owned, attempt: 1, code: 'declined' } };
const capturing: PaymentEvent = { type: 'CaptureRequested', data: { ...owned, amount: eur(900) } };
const captured: PaymentEvent = { type: 'PaymentCaptured', data: { ...owned, reference: 'c1', amount: eur(900) } };
const captureRefused: PaymentEvent = { type: 'CaptureRefused', data: { ...owned, code: 'refused' } };
const voided: PaymentEvent = { type: 'PaymentVoided', data: owned };
const noticed: PaymentEvent = {
  type: 'ProviderNoticeRecorded',
  data: { ...owned, noticeId: 'n1', kind: 'payment_captured' },
};
const refunded = (refundId: string, amount: number): PaymentEvent => ({
  type: 'PaymentRefunded',
  data: { ...owned, refundId, reference: refundId, amount: eur(amount) },
});

const rowAfter = rowAfterFor(payments);

describe('the ledger of payments', () => {
  it('begins with the first attempt', () =>
    expect(rowAfter(asked(1, 'pm_ok'))).toEqual({
      orderId: 'o1',
      userId: 'u1',
      status: 'PENDING',
      method: 'pm_ok',
      authorised: eur(0),
      captured: eur(0),
      refunded: eur(0),
      attempts: [{ method: 'pm_ok', outcome: 'requested', at: hour(0) }],
    }));

  it('has the sums of what was taken and given back', () =>
    expect(
      rowAfter(asked(1, 'pm_ok'), authorised(), capturing, captured, refunded('r1', 200), refunded('r2', 300)),
    ).toMatchObject({
      status: 'PARTIALLY_REFUNDED',
      authorised: eur(900),
      captured: eur(900),
      refunded: eur(500),
    }));

  it('is refunded when all was given back', () =>
    expect(rowAfter(asked(1, 'pm_ok'), authorised(), captured, refunded('r1', 900))).toMatchObject({
      status: 'REFUNDED',
    }));

  it('keeps each attempt with its own outcome', () =>
    expect(rowAfter(asked(1, 'pm_declined'), declined, asked(2, 'pm_ok'), authorised(2))).toMatchObject({
      status: 'AUTHORISED',
      method: 'pm_ok',
      attempts: [
        { method: 'pm_declined', outcome: 'declined', at: hour(1) },
        { method: 'pm_ok', outcome: 'authorised', at: hour(3) },
      ],
    }));

  it.each([
    ['DECLINED', [declined]],
    ['AUTHORISED', [authorised(), capturing]],
    ['CAPTURED', [authorised(), captured]],
    ['CAPTURE_REFUSED', [authorised(), captureRefused]],
    ['VOIDED', [authorised(), captureRefused, voided]],
  ] as const)('is %s', (status, events) => expect(rowAfter(asked(1, 'pm_ok'), ...events)).toMatchObject({ status }));

  it('is not changed by what the provider tells', () =>
    expect(rowAfter(asked(1, 'pm_ok'), authorised(), noticed)).toEqual(rowAfter(asked(1, 'pm_ok'), authorised())));

  it('is not made by anything but an attempt', () => expect(rowAfter(authorised(), captured)).toBeUndefined());
});
