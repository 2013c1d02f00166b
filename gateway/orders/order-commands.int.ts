import { expectProblem } from '../http/testing/client.js';
import { startShop, type Shop } from '../http/testing/shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.stop());

const staff = 'sam:staff';
const send = (context: string, type: string, data: object) => shop.bus.send(context, shop.message(type, data));
/** An order that was paid, and whose shipment waits. */
const paidOrder = async () => {
  const order = await shop.newOrder();
  const { orderId } = order;
  await send('orders', 'MarkOrderPaid', { orderId, paymentId: orderId });
  await send('shipping', 'CreateShipment', { orderId });
  return order;
};
const setStatus = (orderId: string, status: string, key = status) =>
  shop.call('PUT', `/orders/${orderId}/status`, { as: staff, body: { status }, headers: { 'idempotency-key': key } });

describe('an order', () => {
  it('is cancelled by its owner, once, and then takes nothing else', async () => {
    const { customer, orderId } = await shop.newOrder();
    const cancel = () =>
      shop.call('POST', `/orders/${orderId}/cancel`, { as: customer.as, body: { reason: 'changed my mind' } });
    const cancelled = await cancel();
    expect(cancelled.status).toBe(202);
    expect(cancelled.headers.get('x-consistency-token')).toMatch(/^\d+\.order$/);
    expect((await cancel()).status).toBe(202);
    expect(await shop.typesOf(`order-${orderId}`)).toEqual(['OrderPlaced', 'CancellationRequested']);
    const payment = { orderId, paymentMethod: 'pm_ok' };
    expectProblem(
      await shop.call('POST', '/payments', { as: customer.as, body: payment }),
      409,
      'order.illegal_transition',
    );
    expectProblem(await setStatus(orderId, 'SHIPPED'), 409, 'order.illegal_transition');
  });

  it('is cancelled without a word of why, and without a body', async () => {
    const { customer, orderId } = await shop.newOrder();
    const cancelled = await shop.call('POST', `/orders/${orderId}/cancel`, { as: customer.as });
    expect(cancelled.status).toBe(202);
    expect(await shop.typesOf(`order-${orderId}`)).toEqual(['OrderPlaced', 'CancellationRequested']);
  });

  it('is offered another payment method by its owner, once under one key', async () => {
    const { customer, orderId } = await shop.newOrder();
    const offer = (as: string) =>
      shop.call('POST', '/payments', {
        as,
        body: { orderId, paymentMethod: 'pm_ok' },
        headers: { 'idempotency-key': 'k' },
      });
    expect([(await offer(customer.as)).status, (await offer(customer.as)).status]).toEqual([202, 202]);
    expectProblem(await offer(staff), 404, 'order.not_found');
    expect(await shop.typesOf(`order-${orderId}`)).toEqual(['OrderPlaced', 'PaymentMethodOffered']);
  });

  it('is shipped, tracked and delivered by staff, and then returned', async () => {
    const { customer, orderId } = await paidOrder();
    const tracking = { status: 'in transit', location: 'Ulm' };
    const track = () => shop.call('POST', `/shipments/${orderId}/tracking`, { as: staff, body: tracking });
    expectProblem(await track(), 409, 'shipment.illegal_transition');
    const shipped = await setStatus(orderId, 'SHIPPED');
    expect(shipped.status).toBe(202);
    expect(shipped.headers.get('x-consistency-token')).toMatch(/^\d+\.order,\d+\.shipment$/);
    expect((await setStatus(orderId, 'SHIPPED')).status).toBe(202);
    expect((await setStatus(orderId, 'SHIPPED', 'another key')).status).toBe(202);
    expect(await track()).toMatchObject({ status: 201, body: { orderId, ...tracking, note: null } });
    expect((await setStatus(orderId, 'DELIVERED')).status).toBe(202);
    expect(await shop.typesOf(`shipment-${orderId}`)).toEqual([
      'ShipmentCreated',
      'DispatchStarted',
      'ShipmentDispatched',
      'TrackingUpdated',
      'ShipmentDelivered',
    ]);
    const giveBack = () =>
      shop.call('POST', `/orders/${orderId}/returns`, { as: customer.as, body: { reason: 'too small' } });
    expectProblem(await giveBack(), 409, 'order.not_returnable');
    await send('orders', 'MarkOrderShipped', { orderId });
    expectProblem(
      await shop.call('POST', `/orders/${orderId}/cancel`, { as: customer.as, body: {} }),
      409,
      'order.not_cancellable',
    );
    expectProblem(await setStatus(orderId, 'CANCELLED'), 409, 'order.illegal_transition');
    await send('orders', 'MarkOrderDelivered', { orderId });
    expect((await giveBack()).status).toBe(202);
  });

  it('that has no shipment does not come to be shipped or delivered', async () => {
    const { orderId } = await shop.newOrder();
    expectProblem(await setStatus(orderId, 'SHIPPED'), 409, 'order.illegal_transition');
    expectProblem(await setStatus(orderId, 'DELIVERED'), 409, 'order.illegal_transition');
    expectProblem(await setStatus(orderId, 'PAID'), 400, 'request.invalid');
    expect((await setStatus(orderId, 'CANCELLED')).status).toBe(202);
  });

  it('has a saga that staff speak to', async () => {
    const { orderId } = await shop.newOrder();
    for (const what of ['retry', 'skip', 'abort'])
      expect((await shop.call('POST', `/orders/${orderId}/saga/${what}`, { as: staff })).status).toBe(202);
    expect(await shop.typesOf(`order-${orderId}`)).toEqual([
      'OrderPlaced',
      'SagaRetryRequested',
      'SagaSkipRequested',
      'SagaAbortRequested',
    ]);
  });

  it.each([
    ['POST', 'cancel', {}],
    ['POST', 'returns', { reason: 'too small' }],
  ])('is not there for others: %s %s', async (method, path, body) => {
    const { orderId } = await shop.newOrder();
    expectProblem(
      await shop.call(method, `/orders/${orderId}/${path}`, { as: 'eve:customer', body }),
      404,
      'order.not_found',
    );
    expectProblem(await shop.call(method, `/orders/none/${path}`, { as: staff, body }), 404, 'order.not_found');
  });

  it.each([
    ['PUT', '/orders/o1/status'],
    ['POST', '/orders/o1/saga/retry'],
    ['POST', '/orders/o1/saga/skip'],
    ['POST', '/orders/o1/saga/abort'],
    ['POST', '/shipments/o1/tracking'],
  ])('is for staff only: %s %s', async (method, path) => {
    expectProblem(await shop.call(method, path, { as: 'ada:customer', body: {} }), 403, 'auth.forbidden');
  });
});
