import { callAt, expectProblem } from './testing/client.js';
import { startOwnedObjects } from './testing/owned-objects.js';
import { roleTable } from './testing/role-table.js';

let shop: Awaited<ReturnType<typeof startOwnedObjects>>;
beforeAll(async () => {
  shop = await startOwnedObjects();
});
afterAll(() => shop.close());

type Owned = Readonly<{ route: string; code: string; body?: object; isForAuditors?: true }>;

/** Every route that leads to what is somebody's: here to Ada, and to her order. */
const owned: readonly Owned[] = [
  { route: 'GET /users/:id', code: 'user.not_found' },
  { route: 'PUT /users/:id', code: 'user.not_found', body: { name: 'Ada' } },
  { route: 'DELETE /users/:id', code: 'user.not_found' },
  { route: 'GET /users/:id/orders', code: 'user.not_found' },
  { route: 'GET /orders/:id', code: 'order.not_found' },
  { route: 'POST /orders/:id/cancel', code: 'order.not_found', body: {} },
  { route: 'POST /orders/:id/returns', code: 'order.not_found', body: { reason: 'broken' } },
  { route: 'GET /orders/:id/events', code: 'order.not_found' },
  { route: 'GET /orders/:id/timeline', code: 'order.not_found', isForAuditors: true },
  { route: 'POST /payments', code: 'order.not_found', body: { orderId: 'o1', paymentMethod: 'pm_ok' } },
  { route: 'GET /payments/:orderId', code: 'payment.not_found' },
  { route: 'GET /shipments/:orderId', code: 'shipment.not_found' },
  { route: 'GET /bff/web/orders/:id', code: 'order.not_found' },
];

type Ids = Readonly<{ user: string; order: string }>;
const adas: Ids = { user: 'ada', order: 'o1' };
const nobodys: Ids = { user: 'zoe', order: 'o9' };

/** A request for what has one of these ids. */
const requestFor = ({ route, body }: Owned, { user, order }: Ids) => {
  const [method = '', pattern = ''] = route.split(' ');
  const path = pattern.replace(/:\w+/, pattern.startsWith('/users/') ? user : order);
  const sent = body && 'orderId' in body ? { ...body, orderId: order } : body;
  return { method, path, body: sent };
};

describe.each(owned)('what $route leads to', (each) => {
  it('is there for its owner', async () => {
    const { method, path, body } = requestFor(each, adas);
    const headers = { authorization: 'Bearer ada:customer', ...(body && { 'content-type': 'application/json' }) };
    const response = await fetch(`${shop.url}${path}`, { method, headers, body: body ? JSON.stringify(body) : null });
    await response.arrayBuffer();
    expect(response.status).toBeLessThan(300);
  });

  const strangers = ['eve:customer', ...(each.isForAuditors ? [] : ['eve:customer:auditor'])];

  it.each(strangers)('is not there for %s, like what nobody has', async (as) => {
    const refused = async (ids: Ids) => {
      const { method, path, body } = requestFor(each, ids);
      const answer = await callAt(shop.url, method, path, { as, body });
      expectProblem(answer, 404, each.code);
      return String(answer.body['detail']).replace(ids.user, '…').replace(ids.order, '…');
    };
    expect(await refused(adas)).toBe(await refused(nobodys));
  });
});

it('every route that customers may use for one thing is among them, or leads to what is nobody’s', () => {
  const ofNobody = ['GET /products/:id', 'PUT /cart/items/:productId', 'DELETE /cart/items/:productId'];
  const toOneThing = Object.entries(roleTable).flatMap(([route, marks]) =>
    marks[1] === '+' && route.includes('/:') ? [route] : [],
  );
  const listed = owned.map(({ route }) => route).filter((route) => route.includes('/:'));
  expect([...listed, ...ofNobody].toSorted()).toEqual(toOneThing.toSorted());
});
