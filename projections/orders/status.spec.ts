import type { OrderEvent } from '../../domains/orders/events.js';
import type { PaymentEvent } from '../../domains/payments/events.js';
import type { ShipmentEvent } from '../../domains/shipping/events.js';
import { hour, rowAfterFor } from '../shared/testing/rows.js';
import { orders } from './projection.js';

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const owned = { orderId: 'o1', userId: 'u1' };
const placed: OrderEvent = {
  type: 'OrderPlaced',
  data: { ...owned, lines: [], total: eur(900), address: null, paymentMethod: 'pm_declined', fromCart: false },
};
const paid: OrderEvent = { type: 'OrderPaid', data: { ...owned, paymentId: 'o1', lines: [], total: eur(900) } };
const rejected: OrderEvent = { type: 'OrderRejected', data: { ...owned, reason: 'payment_declined' } };
const offered: OrderEvent = { type: 'PaymentMethodOffered', data: { ...owned, paymentMethod: 'pm_ok' } };
const asksToCancel: OrderEvent = { type: 'CancellationRequested', data: { ...owned, reason: null, by: 'u1' } };
const cancelled: OrderEvent = { type: 'OrderCancelled', data: { ...owned, reason: 'customer' } };
const shipped: OrderEvent = { type: 'OrderShipped', data: owned };
const delivered: OrderEvent = { type: 'OrderDelivered', data: owned };
const asksToReturn: OrderEvent = { type: 'ReturnRequested', data: { ...owned, reason: 'too small' } };
const returned: OrderEvent = { type: 'OrderReturned', data: owned };
const failed: OrderEvent = { type: 'SagaStepFailed', data: { ...owned, step: 'capture', attempt: 1, code: 'timeout' } };
const retry: OrderEvent = { type: 'SagaRetryRequested', data: { ...owned, by: 'u9' } };
const skip: OrderEvent = { type: 'SagaSkipRequested', data: { ...owned, by: 'u9' } };
const abort: OrderEvent = { type: 'SagaAbortRequested', data: { ...owned, by: 'u9' } };
const asked = (attempt: number): PaymentEvent => ({
  type: 'AuthorisationRequested',
  data: { ...owned, attempt, amount: eur(900), method: 'pm' },
});
const authorised: PaymentEvent = {
  type: 'PaymentAuthorised',
  data: { ...owned, attempt: 1, reference: 'a1', amount: eur(900) },
};
const captured: PaymentEvent = { type: 'PaymentCaptured', data: { ...owned, reference: 'c1', amount: eur(900) } };
const captureRefused: PaymentEvent = { type: 'CaptureRefused', data: { ...owned, code: 'refused' } };
const voided: PaymentEvent = { type: 'PaymentVoided', data: owned };
const declined = (attempt: number): PaymentEvent => ({
  type: 'PaymentDeclined',
  data: { ...owned, attempt, code: 'card_declined' },
});
const refunded: PaymentEvent = {
  type: 'PaymentRefunded',
  data: { ...owned, refundId: 'r1', reference: 'f1', amount: eur(100) },
};
const noticed: PaymentEvent = { type: 'ProviderNoticeRecorded', data: { ...owned, noticeId: 'n1', kind: 'captured' } };
const created: ShipmentEvent = { type: 'ShipmentCreated', data: { ...owned, lines: [], address: null } };

const ofPayment = /^(Authorisation|Payment(?!Method)|Capture|Void|Refund|Provider)/;
const rowAfter = rowAfterFor(orders, ({ type }) => {
  if (type === created.type) return 'shipment-o1';
  return ofPayment.test(type) ? 'payment-o1' : 'order-o1';
});

describe('the status of an order', () => {
  it.each<[string, string | null, string, (OrderEvent | PaymentEvent | ShipmentEvent)[]]>([
    ['PENDING', null, 'it is placed', []],
    ['PENDING', 'payment_declined', 'its payment is declined', [asked(1), declined(1)]],
    ['PENDING', null, 'another method is offered', [asked(1), declined(1), offered]],
    ['PENDING', null, 'another method was offered before the decline', [asked(1), offered, declined(1)]],
    ['PENDING', 'payment_declined', 'the other method is declined', [declined(1), offered, asked(2), declined(2)]],
    ['REJECTED', 'payment_declined', 'nobody offered another method', [declined(1), rejected]],
    ['PAID', null, 'the other method is accepted', [declined(1), offered, asked(2), paid]],
    ['PENDING', 'cancelling', 'a cancel is accepted', [asksToCancel]],
    ['PENDING', 'cancelling', 'a cancel is accepted after a decline', [declined(1), asksToCancel]],
    ['PENDING', 'cancelling', 'a decline comes after a cancel', [asksToCancel, declined(1)]],
    ['PENDING', 'cancelling', 'a step of the cancel is given up', [asksToCancel, failed]],
    ['PENDING', 'cancelling', 'the payment is voided', [asked(1), authorised, asksToCancel, voided]],
    ['PAID', 'cancelling', 'a cancel is accepted once it is paid', [paid, asksToCancel]],
    ['CANCELLED', 'customer', 'all has been undone', [paid, asksToCancel, cancelled]],
    ['CANCELLED', 'customer', 'it was cancelled, whatever the saga says then', [paid, asksToCancel, cancelled, failed]],
    ['REJECTED', 'payment_declined', 'it was rejected, whatever is told then', [rejected, failed, voided]],
    ['PAID', null, 'it is paid', [asked(1), authorised, captured, paid]],
    ['SHIPPED', null, 'it is shipped', [paid, shipped]],
    ['DELIVERED', null, 'it is delivered', [paid, shipped, delivered]],
    ['DELIVERED', null, 'its return is asked for', [paid, shipped, delivered, asksToReturn]],
    ['RETURNED', null, 'it is back', [paid, shipped, delivered, asksToReturn, returned]],
    ['PENDING', 'needs_attention', 'a step is given up', [failed]],
    ['PENDING', 'needs_attention', 'a step is given up after a decline', [declined(1), failed]],
    ['PENDING', 'needs_attention', 'the provider tells something', [failed, noticed]],
    ['PAID', 'needs_attention', 'a step is given up once it is paid', [paid, failed]],
    ['PAID', 'needs_attention', 'staff refund some of it meanwhile', [asked(1), captured, paid, failed, refunded]],
    ['PENDING', null, 'a retry is asked for', [failed, retry]],
    ['PENDING', null, 'a skip is asked for', [failed, skip]],
    ['PENDING', null, 'an abort is asked for', [failed, abort]],
    ['PENDING', null, 'its payment is authorised after all', [asked(1), failed, authorised]],
    ['PENDING', null, 'its payment is captured after all', [asked(1), authorised, failed, captured]],
    ['PENDING', null, 'its capture is refused after all', [asked(1), authorised, failed, captureRefused]],
    ['PENDING', null, 'its payment is voided', [asked(1), authorised, failed, voided]],
    ['PENDING', 'payment_declined', 'its payment is declined after all', [asked(1), failed, declined(1)]],
    ['PAID', null, 'it is paid after all', [failed, paid]],
    ['PAID', null, 'its shipment is made after all', [paid, failed, created]],
    ['SHIPPED', null, 'it is shipped after all', [paid, failed, shipped]],
  ])('is %s (%s) once %s', (status, statusReason, _, events) =>
    expect(rowAfter(placed, ...events)).toMatchObject({ status, statusReason }),
  );

  it.each([offered, asksToCancel, cancelled, shipped, delivered, asksToReturn, returned, failed, retry, skip, abort])(
    'has the revision and the time of $type',
    (event) => expect(rowAfter(placed, paid, event)).toMatchObject({ version: 2, updatedAt: hour(2) }),
  );
});
