import { expectProblem, order, useGateway } from './testing/client.js';

const { call, gateway, place } = useGateway();

describe('a caller', () => {
  it.each<[string, Record<string, string>, string]>([
    ['without a token', {}, 'auth.missing_token'],
    ['with another scheme', { authorization: 'Basic YTpi' }, 'auth.missing_token'],
    ['with a bad token', { authorization: 'Bearer forged' }, 'auth.invalid_token'],
    ['with an expired token', { authorization: 'Bearer expired' }, 'auth.expired_token'],
  ])('%s is not let in', async (_what, headers, code) => {
    const answer = await call('POST', '/orders', { raw: '{broken', headers });
    expectProblem(answer, 401, code);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it.each([
    ['POST', '/products', 'ada:customer'],
    ['PUT', '/products/mug', 'ada:customer'],
    ['GET', '/inventory/mug', 'ada:customer'],
    ['POST', '/inventory/mug/receipts', 'ada:customer'],
    ['POST', '/inventory/mug/adjustments', 'ada:customer:auditor'],
    ['POST', '/orders', 'eve:auditor'],
    ['GET', '/users', 'ada:customer:auditor'],
    ['GET', '/users', 'sam:staff'],
    ['GET', '/cart', 'sam:staff'],
  ])('may not %s %s as %s', async (method, path, as) => {
    expectProblem(await call(method, path, { as, ...(method === 'GET' ? {} : { body: {} }) }), 403, 'auth.forbidden');
  });

  it('orders for somebody else as staff only', async () => {
    expectProblem(await place({ body: { ...order, userId: 'bob' } }), 403, 'auth.forbidden');
    expect((await place({ as: 'sam:staff', body: { ...order, userId: 'bob' } })).status).toBe(201);
    expect(gateway().sent.map(({ actor, data }) => [actor, (data as { userId: string }).userId])).toEqual([
      ['sam', 'bob'],
    ]);
  });
});

describe('what belongs to somebody', () => {
  it.each(['/orders/o1', '/payments/o1', '/shipments/o1', '/users/ada/orders'])(
    'is shown at %s to its owner and to staff',
    async (path) => {
      expect((await call('GET', path, { as: 'ada:customer' })).status).toBe(200);
      expect((await call('GET', path, { as: 'sam:staff' })).status).toBe(200);
    },
  );

  it.each([
    ['/orders/o1', 'order.not_found'],
    ['/orders/o2', 'order.not_found'],
    ['/payments/o1', 'payment.not_found'],
    ['/payments/o2', 'payment.not_found'],
    ['/shipments/o1', 'shipment.not_found'],
    ['/shipments/o2', 'shipment.not_found'],
    ['/users/ada', 'user.not_found'],
    ['/users/ada/orders', 'user.not_found'],
  ])('is not at %s for others', async (path, code) => {
    expectProblem(await call('GET', path, { as: 'eve:customer' }), 404, code);
  });

  it('is in the cart and the inbox of nobody else', async () => {
    const items = async (path: string, as: string) => (await call('GET', path, { as })).body['items'];
    expect(await items('/cart', 'eve:customer')).toEqual([]);
    expect(await items('/notifications', 'eve:customer')).toEqual([]);
    expect(await items('/notifications', 'sam:staff')).toEqual([]);
  });

  it.each(['/cart', '/notifications'])('is not at %s for strangers', async (path) =>
    expectProblem(await call('GET', path), 401, 'auth.missing_token'),
  );

  it('is listed to its owner and to staff', async () => {
    const count = async (as: string) => ((await call('GET', '/orders', { as })).body['items'] as unknown[]).length;
    expect([await count('ada:customer'), await count('sam:staff'), await count('eve:customer')]).toEqual([1, 1, 0]);
  });

  it.each(['/payments/o1', '/shipments/o1'])('names nobody at %s', async (path) => {
    expect((await call('GET', path, { as: 'ada:customer' })).body).not.toHaveProperty('userId');
  });
});

describe('an address', () => {
  it.each([
    ['GET', '/nowhere'],
    ['GET', '/products/a%2Fb'],
    ['GET', '/products/%00'],
    ['GET', '/products/%zz'],
    ['GET', `/products/${'x'.repeat(129)}`],
  ])('%s %s leads nowhere', async (method, path) => expectProblem(await call(method, path), 404, 'route.not_found'));

  it('says which methods it takes', async () => {
    const answer = await call('DELETE', '/inventory/mug');
    expectProblem(answer, 405, 'request.method_not_allowed');
    expect(answer.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });

  it('of a product that is not there', async () =>
    expectProblem(await call('GET', '/products/cup'), 404, 'product.not_found'));
});
