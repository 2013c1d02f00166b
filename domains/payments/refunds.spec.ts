import { givenFor } from '../shared/testing/given.js';
import type { PaymentEvent } from './events.js';
import { payment } from './payment.js';
import { payments } from './service.js';
import {
  orderId,
  owned,
  eur,
  amount,
  refund,
  recordRefund,
  recordRefundRefusal,
  notice,
  requested,
  authorised,
  captureRequested,
  captureRefused,
  refundRequested,
  refunded,
  refundRefused,
  noticed,
  taken,
} from './testing/examples.js';

const given = givenFor(payment);

describe('a refund', () => {
  it('is requested', () =>
    given(...taken)
      .when(refund('r1', 900))
      .thenEmits(refundRequested('r1', 900)));
  it('is recorded', () =>
    given(...taken, refundRequested('r1', 900))
      .when(recordRefund)
      .thenEmits(refunded));
  it.each<[string, PaymentEvent[]]>([
    ['was not asked for', []],
    ['is pending', [captureRequested]],
    ['was refused', [captureRequested, captureRefused]],
  ])('needs a capture, and not one that %s', (_case, since) =>
    given(requested, authorised, ...since)
      .when(refund('r1', 1))
      .thenRejects('payment.illegal_transition'),
  );
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
  it('ignores a repeat once it is made', () =>
    given(...taken, refundRequested('r1', 900), refunded)
      .when(refund('r1', 900))
      .thenEmits());
  it.each([900, 400, null])('is not asked for again once refused, of %j', (of) =>
    given(...taken, refundRequested('r1', 900), refundRefused)
      .when(refund('r1', of))
      .thenRejects('payment.refund_refused'),
  );
  it('is not asked for again in another amount', () =>
    given(...taken, refundRequested('r1', 500))
      .when(refund('r1', 400))
      .thenRejects('payment.illegal_transition'));
  it('is in the currency of the capture', () =>
    given(...taken)
      .when({
        type: 'RequestRefund',
        data: { orderId, refundId: 'r1', amount: { amount: 1, currency: 'USD' }, reason: '' },
      })
      .thenRejects('money.currency_mismatch'));
  it('is not recorded under another reference', () =>
    given(...taken, refundRequested('r1', 900), refunded)
      .when({ type: 'RecordRefund', data: { orderId, refundId: 'r1', reference: 'ref2' } })
      .thenRejects('payment.illegal_transition'));
  it('ignores a repeat of its record', () =>
    given(...taken, refundRequested('r1', 900), refunded)
      .when(recordRefund)
      .thenEmits());
  it('is refused', () =>
    given(...taken, refundRequested('r1', 900))
      .when(recordRefundRefusal)
      .thenEmits(refundRefused));
  it('ignores a repeat of its refusal', () =>
    given(...taken, refundRequested('r1', 900), refundRefused)
      .when(recordRefundRefusal)
      .thenEmits());
  it('is not refused once made', () =>
    given(...taken, refundRequested('r1', 900), refunded)
      .when(recordRefundRefusal)
      .thenRejects('payment.illegal_transition'));
  it('is not made once refused', () =>
    given(...taken, refundRequested('r1', 900), refundRefused)
      .when(recordRefund)
      .thenRejects('payment.illegal_transition'));
  it.each([recordRefund, recordRefundRefusal])('must be requested first: $type', (record) =>
    given(...taken)
      .when(record)
      .thenRejects('payment.illegal_transition'),
  );
});

describe('a refund without an amount', () => {
  it('is of the whole capture', () =>
    given(...taken)
      .when(refund('r1', null))
      .thenEmits(refundRequested('r1', 900)));
  it('is of what others leave', () =>
    given(...taken, refundRequested('r1', 500))
      .when(refund('r2', null))
      .thenEmits(refundRequested('r2', 400)));
  it('needs something to be left', () =>
    given(...taken, refundRequested('r1', 900))
      .when(refund('r2', null))
      .thenRejects('payment.refund_too_large'));
  it('ignores a repeat, although less is left by then', () =>
    given(...taken, refundRequested('r1', 900))
      .when(refund('r1', null))
      .thenEmits());
});

describe('a notice of the provider', () => {
  it('is recorded', () => given(requested).when(notice('n1')).thenEmits(noticed));
  it('is recorded once', () => given(requested, noticed).when(notice('n1')).thenEmits());
  it('does not hide another', () =>
    given(requested, noticed)
      .when(notice('n2'))
      .thenEmits({ type: 'ProviderNoticeRecorded', data: { ...owned, noticeId: 'n2', kind: 'dispute' } }));
});

describe('where a payment stands', () => {
  const standingAfter = (...events: PaymentEvent[]) =>
    payments.questions['standingOf']?.answer([events.reduce(payment.evolve, payment.initial)] as never[], { orderId });

  it('is nowhere at first', () =>
    expect(standingAfter()).toEqual({ authorisation: null, capture: null, captured: null, refunds: [] }));
  it('tells what can be captured and voided', () =>
    expect(standingAfter(requested, authorised)).toEqual({
      authorisation: { attempt: 1, reference: 'auth1', outcome: 'authorised' },
      capture: null,
      captured: null,
      refunds: [],
    }));
  it('tells nothing captured of a capture that was refused', () =>
    expect(standingAfter(requested, authorised, captureRequested, captureRefused)).toMatchObject({
      capture: { reference: null, outcome: 'refused' },
      captured: null,
    }));
  it('tells of every refund what it came to', () =>
    expect(standingAfter(...taken, refundRequested('r1', 900), refunded, refundRequested('r2', 0))).toMatchObject({
      capture: { reference: 'cap1', outcome: 'captured' },
      captured: amount,
      refunds: [
        { refundId: 'r1', amount, reference: 'ref1', outcome: 'refunded' },
        { refundId: 'r2', amount: eur(0), reference: null, outcome: 'requested' },
      ],
    }));
});
