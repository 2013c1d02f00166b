import { expectProblem } from '../http/testing/client.js';
import { startShop, type Shop } from '../http/testing/shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.stop());

const staff = 'sam:staff';
const tokenOf = (headers: Headers) => ({
  'x-consistency-token': String(headers.get('x-consistency-token')),
  prefer: 'wait=30',
});

describe('a shipment', () => {
  it('is shown as the order has it, as fresh as what staff told of it', async () => {
    const { customer, orderId } = await shop.newOrder();
    const { as } = customer;
    const send = (context: string, type: string, data: object = {}) =>
      shop.bus.send(context, shop.message(type, { orderId, ...data }));
    await send('orders', 'MarkOrderPaid', { paymentId: orderId });
    expectProblem(await shop.call('GET', `/shipments/${orderId}`, { as }), 404, 'shipment.not_found');
    await send('shipping', 'CreateShipment');
    await send('shipping', 'StartDispatch');
    await send('shipping', 'RecordDispatch', { carrier: 'Swift', trackingNumber: 'T-1' });
    const body = { status: 'IN_TRANSIT', location: 'Ulm' };
    const tracked = await shop.call('POST', `/shipments/${orderId}/tracking`, { as: staff, body });

    const shown = await shop.call('GET', `/shipments/${orderId}`, { as, headers: tokenOf(tracked.headers) });
    expect({ status: shown.status, body: shown.body }).toEqual({
      status: 200,
      body: {
        orderId,
        status: 'DISPATCHED',
        carrier: 'Swift',
        trackingNumber: 'T-1',
        tracking: [{ at: expect.any(String) as string, ...body, note: null }],
      },
    });
    const held = { 'if-none-match': String(shown.headers.get('etag')) };
    expect((await shop.call('GET', `/shipments/${orderId}`, { as, headers: held })).status).toBe(304);
    expect((await shop.call('GET', `/shipments/${orderId}`, { as: staff })).body).toEqual(shown.body);
    expectProblem(await shop.call('GET', `/shipments/${orderId}`, { as: 'eve:customer' }), 404, 'shipment.not_found');
    expect((await shop.call('GET', `/orders/${orderId}`, { as })).body).toMatchObject({
      shipment: { status: 'DISPATCHED', trackingNumber: 'T-1' },
      version: 1,
    });
  });
});
