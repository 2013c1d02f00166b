import type { OrderEvent } from '../../domains/orders/events.js';
import type { PaymentEvent } from '../../domains/payments/events.js';
import { hour, rowAfterFor } from '../shared/testing/rows.js';
import { orders } from './projection.js';
import { waitingForNothing } from './status-reason.js';

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const owned = { orderId: 'o1', userId: 'u1' };
const lines = [{ productId: 'p1', sku: 'S-1', name: 'Mug', quantity: 2, unitPrice: eur(450) }];
const address = { name: 'Ada Lovelace', street: 'Long Street 1', city: 'London', postalCode: 'N1', country: 'GB' };
const placed: OrderEvent = {
  type: 'OrderPlaced',
  data: { ...owned, lines, total: eur(900), address, paymentMethod: 'pm_ok', fromCart: false },
};
const paid: OrderEvent = { type: 'OrderPaid', data: { ...owned, paymentId: 'o1', lines, total: eur(900) } };
const rejected: OrderEvent = { type: 'OrderRejected', data: { ...owned, reason: 'out_of_stock' } };
const asked = (attempt: number, method: string): PaymentEvent => ({
  type: 'AuthorisationRequested',
  data: { ...owned, attempt, amount: eur(900), method },
});
const authorised: PaymentEvent = {
  type: 'PaymentAuthorised',
  data: { ...owned, attempt: 1, reference: 'a1', amount: eur(900) },
};
const declined: PaymentEvent = { type: 'PaymentDeclined', data: { ...owned, attempt: 1, code: 'declined' } };
const captured: PaymentEvent = { type: 'PaymentCaptured', data: { ...owned, reference: 'c1', amount: eur(900) } };
const captureRefused: PaymentEvent = { type: 'CaptureRefused', data: { ...owned, code: 'refused' } };
const voided: PaymentEvent = { type: 'PaymentVoided', data: owned };
const refunded = (amount: number): PaymentEvent => ({
  type: 'PaymentRefunded',
  data: { ...owned, refundId: `r${amount}`, reference: `f${amount}`, amount: eur(amount) },
});

const rowAfter = rowAfterFor(orders, ({ type }) => (type.startsWith('Order') ? 'order-o1' : 'payment-o1'));

describe('an order as it is shown', () => {
  it('is pending once placed', () =>
    expect(rowAfter(placed)).toEqual({
      id: 'o1',
      userId: 'u1',
      status: 'PENDING',
      statusReason: null,
      items: lines,
      total: eur(900),
      payment: null,
      shipment: null,
      waiting: waitingForNothing,
      placedAt: hour(0),
      updatedAt: hour(0),
      version: 0,
    }));

  it('is not shown where it was given up before it was placed', () =>
    expect(
      rowAfter({ type: 'PlacementAbandoned', data: { ...owned, code: 'order.unknown_product' } }),
    ).toBeUndefined());

  it('keeps nothing of the address', () => expect(JSON.stringify(rowAfter(placed, paid))).not.toContain('Lovelace'));

  it('is paid', () => expect(rowAfter(placed, paid)).toMatchObject({ status: 'PAID', version: 1, updatedAt: hour(1) }));

  it('is rejected for a reason', () =>
    expect(rowAfter(placed, rejected)).toMatchObject({
      status: 'REJECTED',
      statusReason: 'out_of_stock',
      version: 1,
      updatedAt: hour(1),
    }));

  it('has a version that counts only its own stream', () =>
    expect(rowAfter(placed, asked(1, 'pm_ok'), authorised, captured, paid)).toMatchObject({
      version: 1,
      updatedAt: hour(4),
      placedAt: hour(0),
    }));

  it.each([
    ['PENDING', [asked(1, 'pm_ok')]],
    ['AUTHORISED', [asked(1, 'pm_ok'), authorised]],
    ['DECLINED', [asked(1, 'pm_ok'), declined]],
    ['CAPTURED', [asked(1, 'pm_ok'), authorised, captured]],
    ['CAPTURE_REFUSED', [asked(1, 'pm_ok'), authorised, captureRefused]],
    ['VOIDED', [asked(1, 'pm_ok'), authorised, captureRefused, voided]],
    ['PARTIALLY_REFUNDED', [asked(1, 'pm_ok'), authorised, captured, refunded(300)]],
    ['REFUNDED', [asked(1, 'pm_ok'), authorised, captured, refunded(300), refunded(600)]],
  ] as const)('has a payment that is %s', (status, events) =>
    expect(rowAfter(placed, ...events)).toMatchObject({
      status: 'PENDING',
      payment: { status, method: 'pm_ok' },
      updatedAt: hour(events.length),
    }),
  );

  it('names the method of the latest attempt', () =>
    expect(rowAfter(placed, asked(1, 'pm_declined'), declined, asked(2, 'pm_ok'))).toMatchObject({
      payment: { status: 'PENDING', method: 'pm_ok' },
    }));

  it('is not made by what happens to a payment', () => expect(rowAfter(asked(1, 'pm_ok'), authorised)).toBeUndefined());
});
