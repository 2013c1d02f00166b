import { expectProblem, useGateway } from '../http/testing/client.js';

const { call, gateway } = useGateway();
const as = 'ada:customer';

describe('a screen', () => {
  it('in a browser has products, categories, cart, orders and messages', async () => {
    const { status, body } = await call('GET', '/bff/web/home', { as });
    expect(status).toBe(200);
    expect(Object.entries(body).filter(([, part]) => part === null)).toEqual([]);
    expect(Object.keys(body).sort()).toEqual(['cart', 'categories', 'notes', 'notifications', 'orders', 'products']);
  });

  it('on a telephone has less of them', async () => {
    const { body } = await call('GET', '/bff/mobile/home', { as });
    expect(Object.keys(body).sort()).toEqual(['cart', 'notes', 'orders', 'products']);
    expect(body['orders']).toEqual([
      { id: 'o1', status: expect.any(String) as string, total: expect.anything() as object },
    ]);
  });

  it('of an order has its payment and its shipment', async () => {
    const { body } = await call('GET', '/bff/web/orders/o1', { as });
    expect(body).toMatchObject({ order: { id: 'o1' }, payment: { orderId: 'o1' }, shipment: { orderId: 'o1' } });
  });

  it("of somebody else's order is not there", async () =>
    expectProblem(await call('GET', '/bff/web/orders/o1', { as: 'eve:customer' }), 404, 'order.not_found'));

  it('is as fresh as the caller asks in all its parts', async () => {
    await call('GET', '/bff/web/home', { as, headers: { 'x-consistency-token': '7.order' } });
    expect(new Set(gateway().freshness.map(({ after }) => after.get('order')))).toEqual(new Set([7n]));
  });

  it.each(['/bff/web/home', '/bff/mobile/home', '/bff/web/orders/o1'])(
    'waits for none of its parts longer than it may be without them: %s',
    async (path) => {
      await call('GET', path, { as, headers: { prefer: 'wait=30' } });
      expect(new Set(gateway().freshness.map(({ waitMs }) => waitMs))).toEqual(new Set([2_000]));
    },
  );
});
