import { noticeInStripeEvent } from './stripe-event.js';

const eventOf = (type: string, object: unknown) => ({ id: 'evt_1', object: 'event', type, data: { object } });
const made = { order_id: 'o1', authorise_key: 'k1' };
const refund = { order_id: 'o1', refund_key: 'k3' };

it.each([
  ['payment_intent.amount_capturable_updated', 'authorisation.succeeded', made],
  ['payment_intent.payment_failed', 'authorisation.declined', made],
  ['payment_intent.canceled', 'authorisation.voided', made],
  ['payment_intent.succeeded', 'capture.succeeded', made],
  ['charge.refunded', 'refund.succeeded', made],
  ['refund.failed', 'refund.failed', refund],
  ['refund.updated', 'refund.updated', refund],
  ['charge.refund.updated', 'refund.updated', refund],
])('%s is told of as %s', (type, kind, metadata) => {
  expect(noticeInStripeEvent(eventOf(type, { metadata }))).toEqual({ noticeId: 'evt_1', orderId: 'o1', kind });
});

it.each([
  ['of a type that is not told of', 'customer.created', { metadata: made }],
  ['of a payment of no order, as where a key is claimed', 'payment_intent.canceled', { metadata: {} }],
  ['of an order of somebody else', 'charge.refunded', { metadata: { order_id: '6735' } }],
  ['of an order that is no id', 'charge.refunded', { metadata: { ...made, order_id: 'Order #6735' } }],
  ['of a key that is no text', 'charge.refunded', { metadata: { ...made, authorise_key: 1 } }],
  ['of a refund without metadata', 'refund.updated', { metadata: null }],
  ['about nothing', 'refund.failed', undefined],
])('an event %s is left', (_what, type, object) => {
  expect(noticeInStripeEvent(eventOf(type, object))).toBeNull();
});

it('is refused where it is no event', () => {
  expect(() => noticeInStripeEvent({ type: 'charge.refunded' })).toThrow('The data has wrong fields');
});
