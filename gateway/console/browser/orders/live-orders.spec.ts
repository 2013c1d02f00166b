import { ordersAfter } from './live-orders.js';
import type { Order } from './order-api.js';

const order = (id: string): Order => ({
  ...{ id, userId: 'u1', items: [], total: { amount: 900, currency: 'EUR' }, status: 'PENDING', statusReason: null },
  ...{ payment: null, shipment: null, placedAt: '2026-01-31T09:00:00.000Z', updatedAt: '2026-01-31T09:00:01.000Z' },
  version: 0,
});
const orders = [order('o1'), order('o2')];

it('shows what a message says of its order, and leaves the rest', () =>
  expect(
    ordersAfter(orders, { orderId: 'o2', type: 'OrderPaid', status: 'PAID', updatedAt: '2026-01-31T09:00:02.000Z' }),
  ).toEqual([orders[0], { ...orders[1], status: 'PAID', updatedAt: '2026-01-31T09:00:02.000Z' }]));

it.each([
  { orderId: 'o3', type: 'OrderPlaced', status: 'PENDING', updatedAt: '2026-01-31T09:00:02.000Z' },
  { orderId: 'o1', type: 'OrderPlaced', status: 'PENDING', updatedAt: '2026-01-31T09:00:00.000Z' },
  { orderId: 'o1', type: 'DispatchStarted' },
] as const)('shows nothing of another order, nothing old and nothing that was not said: %j', (message) =>
  expect(ordersAfter(orders, message)).toBe(orders),
);
