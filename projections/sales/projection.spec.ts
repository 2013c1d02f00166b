import type { OrderEvent } from '../../domains/orders/events.js';
import type { PaymentEvent } from '../../domains/payments/events.js';
import { totalsAfterFor } from '../shared/testing/rows.js';
import { sales } from './projection.js';

const money = (amount: number, currency = 'EUR') => ({ amount, currency });
const line = (productId: string, quantity: number, unitPrice = money(450)) => ({
  productId,
  sku: productId,
  name: productId,
  quantity,
  unitPrice,
});
const paid = (orderId: string, total = money(900), lines = [line('mug', 2)]): OrderEvent => ({
  type: 'OrderPaid',
  data: { orderId, userId: 'u1', paymentId: orderId, lines, total },
});
const refunded = (amount: number, currency = 'EUR'): PaymentEvent => ({
  type: 'PaymentRefunded',
  data: { orderId: 'o1', userId: 'u1', refundId: 'r1', reference: 'f1', amount: money(amount, currency) },
});
const morning = '2030-01-01T00:00:00.000Z';
const night = '2030-01-01T23:59:59.999Z';
const midnight = '2030-01-02T00:00:00.000Z';

const totalsAfter = totalsAfterFor(sales);

describe('the sales of a day', () => {
  it('are what was paid on it, as a whole and of each product', () =>
    expect(
      totalsAfter(
        [morning, paid('o1', money(1500), [line('mug', 2), line('pot', 1, money(600))])],
        [night, paid('o2', money(450), [line('mug', 1)])],
      ),
    ).toEqual({
      '2030-01-01/EUR/': { orders: 2, revenue: 1950 },
      '2030-01-01/EUR/mug': { quantity: 3, revenue: 1350 },
      '2030-01-01/EUR/pot': { quantity: 1, revenue: 600 },
    }));

  it('are not those of the next', () =>
    expect(totalsAfter([night, paid('o1')], [midnight, paid('o2')])).toEqual({
      '2030-01-01/EUR/': { orders: 1, revenue: 900 },
      '2030-01-01/EUR/mug': { quantity: 2, revenue: 900 },
      '2030-01-02/EUR/': { orders: 1, revenue: 900 },
      '2030-01-02/EUR/mug': { quantity: 2, revenue: 900 },
    }));

  it('are counted apart in each currency', () =>
    expect(
      totalsAfter([morning, paid('o1')], [morning, paid('o2', money(70, 'USD'), [line('mug', 1, money(70, 'USD'))])]),
    ).toEqual({
      '2030-01-01/EUR/': { orders: 1, revenue: 900 },
      '2030-01-01/EUR/mug': { quantity: 2, revenue: 900 },
      '2030-01-01/USD/': { orders: 1, revenue: 70 },
      '2030-01-01/USD/mug': { quantity: 1, revenue: 70 },
    }));

  it('have beside them what was given back on that day, whenever it was paid', () =>
    expect(totalsAfter([morning, paid('o1')], [night, refunded(100)], [midnight, refunded(200)])).toMatchObject({
      '2030-01-01/EUR/': { orders: 1, revenue: 900, refunded: 100 },
      '2030-01-02/EUR/': { refunded: 200 },
    }));

  it('are changed by nothing else', () => {
    const owned = { orderId: 'o1', userId: 'u1' };
    const others: (OrderEvent | PaymentEvent)[] = [
      { type: 'OrderRejected', data: { ...owned, reason: 'out_of_stock' } },
      { type: 'PaymentCaptured', data: { ...owned, reference: 'c1', amount: money(900) } },
      { type: 'RefundRequested', data: { ...owned, refundId: 'r1', amount: money(900), reason: 'broken' } },
    ];
    expect(totalsAfter(...others.map((event) => [morning, event] as const))).toEqual({});
  });
});
