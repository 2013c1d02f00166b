import { expectProblem, useGateway } from './testing/client.js';

const { call, gateway } = useGateway();

const fresh = { 'x-consistency-token': '7.cart,8.product,9.category,10.notification', prefer: 'wait=5' };
const expectFreshness = (times: number) => {
  const after = new Map(Object.entries({ cart: 7n, product: 8n, category: 9n, notification: 10n }));
  expect(gateway().freshness).toEqual(Array.from({ length: times }, () => ({ after, waitMs: 5_000 })));
};

describe('a cart', () => {
  it('is shown with names, prices and what is available, as fresh as a token asks', async () => {
    const { status, body } = await call('GET', '/cart', { as: 'ada:customer', headers: fresh });
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        userId: 'ada',
        items: [
          { productId: 'mug', quantity: 2, name: 'Mug', price: { amount: 450, currency: 'EUR' }, available: 3 },
          { productId: 'gone', quantity: 1, name: null, price: null, available: 0 },
        ],
        total: { amount: 900, currency: 'EUR' },
      },
    });
    expectFreshness(2);
  });

  it('of whoever never had one is empty', async () => {
    const { status, body } = await call('GET', '/cart', { as: 'eve:customer' });
    expect({ status, body }).toEqual({ status: 200, body: { userId: 'eve', items: [], total: null } });
  });
});

describe('categories', () => {
  it('are listed to anybody, page by page, as fresh as a token asks', async () => {
    const { status, body } = await call('GET', '/categories?limit=1&cursor=abc', { headers: fresh });
    expect({ status, body }).toEqual({
      status: 200,
      body: { items: [{ id: 'cups', name: 'Cups', parentId: null }], nextCursor: 'abc' },
    });
    expectFreshness(1);
  });
});

describe('an inbox', () => {
  it('is shown page by page, as fresh as a token asks', async () => {
    const { status, body } = await call('GET', '/notifications?cursor=abc', { as: 'ada:customer', headers: fresh });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { items: [{ id: 'n1', template: 'welcome', status: 'REQUESTED', sentAt: null }], nextCursor: 'abc' },
    });
    expectFreshness(1);
  });
});

it.each(['/categories', '/notifications'])('%s takes only what every list takes', async (path) => {
  for (const query of ['limit=0', 'limit=101', 'q=mug'])
    expectProblem(await call('GET', `${path}?${query}`, { as: 'ada:customer' }), 400, 'request.invalid');
});
