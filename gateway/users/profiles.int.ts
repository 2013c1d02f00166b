import { expectProblem, useGateway } from '../http/testing/client.js';

const { call, gateway } = useGateway();

const profile = { id: 'ada', email: 'ada@example.com', name: 'Ada', phone: null, roles: ['customer'] };
const root = 'root:admin';

describe('a profile', () => {
  it.each(['ada:customer', root])('is shown to %s', async (as) => {
    const { status, headers, body } = await call('GET', '/users/ada', { as });
    expect({ status, body }).toEqual({ status: 200, body: profile });
    const held = { 'if-none-match': String(headers.get('etag')) };
    expect((await call('GET', '/users/ada', { as, headers: held })).status).toBe(304);
  });

  it('is not there for staff', async () =>
    expectProblem(await call('GET', '/users/ada', { as: 'sam:staff' }), 404, 'user.not_found'));

  it('is not there where there is no such account', async () => {
    expectProblem(await call('GET', '/users/bob', { as: root }), 404, 'user.not_found');
    expectProblem(await call('GET', '/users/bob', { as: 'bob:customer' }), 404, 'user.not_found');
  });

  it('is listed to an admin', async () => {
    const { status, body } = await call('GET', '/users?limit=5', { as: root });
    const listed = { ...profile, status: 'ACTIVE', registeredAt: '2026-01-01T00:00:00.000Z' };
    expect({ status, body }).toEqual({ status: 200, body: { items: [listed], nextCursor: null } });
    expectProblem(await call('GET', '/users?q=ada', { as: root }), 400, 'request.invalid');
  });

  it('is as fresh as the caller asks', async () => {
    const headers = { 'x-consistency-token': '7.user' };
    await call('GET', '/users/ada', { as: root, headers });
    await call('GET', '/users', { as: root, headers });
    await call('GET', '/users/ada/orders', { as: 'ada:customer', headers });
    const asked = { after: new Map([['user', 7n]]), waitMs: 2_000 };
    expect(gateway().freshness).toEqual([asked, asked, asked]);
  });
});

describe('the orders of a person', () => {
  const count = async (path: string, as: string) =>
    ((await call('GET', path, { as })).body['items'] as object[]).length;

  it('are theirs alone, also for staff', async () => {
    expect(await count('/users/ada/orders', 'ada:customer')).toBe(1);
    expect(await count('/users/eve/orders', 'eve:customer')).toBe(0);
    expect(await count('/users/ada/orders', 'sam:staff')).toBe(1);
    expect(await count('/users/eve/orders', 'sam:staff')).toBe(0);
  });

  it('are filtered as all orders are', async () => {
    expect(await count('/users/ada/orders?status=PENDING', 'ada:customer')).toBe(1);
    expect(await count('/users/ada/orders?status=PAID', 'ada:customer')).toBe(0);
    expectProblem(await call('GET', '/users/ada/orders?status=LOST', { as: 'ada:customer' }), 400, 'request.invalid');
  });

  it('are not there for an admin who is no staff', async () =>
    expectProblem(await call('GET', '/users/ada/orders', { as: root }), 404, 'user.not_found'));
});
