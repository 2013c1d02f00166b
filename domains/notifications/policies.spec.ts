import type { PolicyEvent } from '../shared/policy.js';
import { parseRequestNotification } from './commands.js';
import { notificationPolicies } from './policies.js';

const cause = '5f0d7f0e-6a3b-4a55-9d8e-2c1f5b7a9e34';
const owned = { userId: 'u1', orderId: 'o1' };

const happened = (category: string, type: string, data: PolicyEvent['data']) => {
  const event = { id: cause, streamId: `${category}-o1`, type, data, at: '2026-01-01T00:00:00.000Z' };
  const concerned = notificationPolicies.filter((policy) => policy.category === category && policy.type === type);
  const commands = concerned.map((policy) => policy.command(event)).filter((command) => command !== null);
  return commands.map(({ data: request }) => parseRequestNotification(request));
};

it('welcomes whoever registered', () =>
  expect(happened('user', 'UserRegistered', { userId: 'u1', email: null, name: null, phone: null })).toEqual([
    { cause, channel: 'email', template: 'welcome', userId: 'u1', orderId: null, facts: {} },
  ]));

it('confirms an order that was paid, with its total and lines', () => {
  const lines = [
    { productId: 'p1', sku: 'MUG', name: 'Mug', quantity: 2, unitPrice: { amount: 950, currency: 'EUR' } },
    { productId: 'p2', sku: 'TEA', name: 'Tea', quantity: 1, unitPrice: { amount: 300, currency: 'EUR' } },
  ];
  const paid = { ...owned, paymentId: 'pay1', lines, total: { amount: 2200, currency: 'EUR' } };
  const facts = { amount: '2200', currency: 'EUR', lines: '2 × Mug\n1 × Tea' };
  expect(happened('order', 'OrderPaid', paid)).toEqual([
    { cause, channel: 'email', template: 'order_confirmation', ...owned, facts },
  ]);
});

it('tells of a payment that was declined', () =>
  expect(happened('payment', 'PaymentDeclined', { ...owned, attempt: 1, code: 'card_declined' })).toEqual([
    { cause, channel: 'email', template: 'payment_declined', ...owned, facts: {} },
  ]));

it('tells nothing of an authorisation that was voided before anybody answered', () =>
  expect(happened('payment', 'PaymentDeclined', { ...owned, attempt: 1, code: 'voided_unanswered' })).toEqual([]));

it('tells of goods that left by email and SMS, with their tracking where that is known', () => {
  const shipped = (facts: object) => [
    { cause, channel: 'email', template: 'shipped', ...owned, facts },
    { cause, channel: 'sms', template: 'shipped', ...owned, facts },
  ];
  const tracking = { carrier: 'DHL', trackingNumber: 'T1' };
  expect(happened('shipment', 'ShipmentDispatched', { ...owned, ...tracking })).toEqual(shipped(tracking));
  const noTracking = { carrier: null, trackingNumber: null };
  expect(happened('shipment', 'ShipmentDispatched', { ...owned, ...noTracking })).toEqual(shipped({}));
});

it('tells of goods once they have left, and not when their order is marked', () =>
  expect(happened('order', 'OrderShipped', owned)).toEqual([]));

it('tells of an order that was delivered by email and SMS', () =>
  expect(happened('order', 'OrderDelivered', owned)).toEqual([
    { cause, channel: 'email', template: 'delivered', ...owned, facts: {} },
    { cause, channel: 'sms', template: 'delivered', ...owned, facts: {} },
  ]));

// Written down, since the ids of commands are made from them: with other names people would be told twice.
it('keeps the names of its policies', () =>
  expect(notificationPolicies.map(({ name }) => name)).toEqual([
    'notifications/welcome_by_email',
    'notifications/order_confirmation_by_email',
    'notifications/payment_declined_by_email',
    'notifications/shipped_by_email',
    'notifications/shipped_by_sms',
    'notifications/delivered_by_email',
    'notifications/delivered_by_sms',
  ]));
