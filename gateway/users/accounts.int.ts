import { randomUUID } from 'node:crypto';
import { expectProblem } from '../http/testing/client.js';
import { startShop, type Shop } from '../http/testing/shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.stop());

const password = 'correct horse';
const signIn = async (email: string) => (await shop.call('POST', '/auth/token', { body: { email, password } })).status;
const register = (email: string) => shop.call('POST', '/users', { body: { email, name: 'Eve', password } });
const newAddress = () => `${randomUUID()}@example.com`;

describe('a profile', () => {
  it('is changed by its owner, who signs in with the new address', async () => {
    const { id, as, email } = await shop.newCustomer();
    const other = newAddress();
    const changed = await shop.call('PUT', `/users/${id}`, { as, body: { email: other, phone: '0731' } });
    expect({ status: changed.status, body: changed.body }).toEqual({
      status: 200,
      body: { id, email: other, name: 'Ada', phone: '0731', roles: ['customer'] },
    });
    expect([await signIn(other), await signIn(email)]).toEqual([200, 401]);
    expect((await register(email)).status).toBe(201);
  });

  it('keeps the latest address when an earlier change is repeated', async () => {
    const { id, as } = await shop.newCustomer();
    const [first, second] = [newAddress(), newAddress()];
    const change = (email: string, key: string) =>
      shop.call('PUT', `/users/${id}`, { as, body: { email }, headers: { 'idempotency-key': key } });
    await change(first, '1');
    await change(second, '2');
    expect((await change(first, '1')).status).toBe(200);
    expect([await signIn(second), await signIn(first)]).toEqual([200, 401]);
  });

  it('does not take the address of somebody else', async () => {
    const [one, two] = [await shop.newCustomer(), await shop.newCustomer()];
    const answer = await shop.call('PUT', `/users/${two.id}`, { as: two.as, body: { email: one.email } });
    expectProblem(answer, 409, 'user.email_taken');
    expect([await signIn(one.email), await signIn(two.email)]).toEqual([200, 200]);
  });

  it('has roles that an admin gives', async () => {
    const { id, as } = await shop.newCustomer();
    const body = { roles: ['customer', 'staff'] };
    expectProblem(await shop.call('PUT', `/users/${id}/roles`, { as, body }), 403, 'auth.forbidden');
    const changed = await shop.call('PUT', `/users/${id}/roles`, { as: 'root:admin', body });
    expect({ status: changed.status, body: changed.body }).toEqual({ status: 200, body: { id, ...body } });
    const wrong = { roles: ['king'] };
    expectProblem(
      await shop.call('PUT', `/users/${id}/roles`, { as: 'root:admin', body: wrong }),
      400,
      'request.invalid',
    );
  });

  it.each(['PUT', 'DELETE'])('is not there for others: %s', async (method) => {
    const { id } = await shop.newCustomer();
    const body = method === 'PUT' ? { body: { name: 'Eve' } } : {};
    expectProblem(
      await shop.call(method, `/users/${id}`, { as: 'eve:customer:staff', ...body }),
      404,
      'user.not_found',
    );
    expectProblem(await shop.call(method, '/users/nobody', { as: 'root:admin', ...body }), 404, 'user.not_found');
  });
});

describe('the sessions of a person', () => {
  const begin = async (email: string) => {
    const { refreshToken } = (await shop.call('POST', '/auth/token', { body: { email, password } })).body;
    return async () => (await shop.call('POST', '/auth/refresh', { body: { refreshToken } })).status;
  };

  it('end where the roles change, and where the address does', async () => {
    const [one, two] = [await shop.newCustomer(), await shop.newCustomer()];
    const [goesOnAsOne, goesOnAsTwo] = [await begin(one.email), await begin(two.email)];
    await shop.call('PUT', `/users/${one.id}/roles`, { as: 'root:admin', body: { roles: ['staff'] } });
    await shop.call('PUT', `/users/${two.id}`, { as: 'root:admin', body: { email: newAddress() } });
    expect([await goesOnAsOne(), await goesOnAsTwo()]).toEqual([401, 401]);
  });

  it('go on where the name changes', async () => {
    const { id, as, email } = await shop.newCustomer();
    const goesOn = await begin(email);
    await shop.call('PUT', `/users/${id}`, { as, body: { name: 'Ada L.', email } });
    expect(await goesOn()).toBe(200);
  });
});

describe('an erased person', () => {
  it('cannot sign in, nor is anything left to read, and the address is free', async () => {
    const { id, as, email } = await shop.newCustomer();
    expect((await shop.call('DELETE', `/users/${id}`, { as })).status).toBe(204);
    expect((await shop.call('DELETE', `/users/${id}`, { as })).status).toBe(204);
    expect(await shop.typesOf(`user-${id}`)).toEqual(['UserRegistered', 'ErasureRequested', 'UserErased']);
    expect(await shop.credentials.emailHashOf(id)).toBeNull();
    expect(await signIn(email)).toBe(401);
    expect((await register(email)).status).toBe(201);
  });

  it('leaves no credentials where the registration is repeated', async () => {
    const body = { email: newAddress(), name: 'Ada', password };
    const register = () => shop.call('POST', '/users', { body, headers: { 'idempotency-key': 'once' } });
    const id = String((await register()).body['id']);
    await shop.call('DELETE', `/users/${id}`, { as: `${id}:customer` });
    const repeated = await register();
    expect([repeated.status, repeated.body['id']]).toEqual([201, id]);
    expect(await shop.credentials.emailHashOf(id)).toBeNull();
    expect(await signIn(body.email)).toBe(401);
  });

  it('had no order under way', async () => {
    const { customer, orderId } = await shop.newOrder();
    const { id, as } = customer;
    expectProblem(await shop.call('DELETE', `/users/${id}`, { as }), 409, 'user.has_open_orders');
    await shop.bus.send('orders', shop.message('RejectOrder', { orderId, reason: 'out_of_stock' }));
    expect((await shop.call('DELETE', `/users/${id}`, { as: 'root:admin' })).status).toBe(204);
  });

  it('had no order that is being cancelled, also where it was paid', async () => {
    const { customer, orderId } = await shop.newOrder();
    const { id, as } = customer;
    await shop.bus.send('orders', shop.message('MarkOrderPaid', { orderId, paymentId: orderId }));
    await shop.bus.send('orders', shop.message('RequestCancellation', { orderId, reason: null }));
    expectProblem(await shop.call('DELETE', `/users/${id}`, { as }), 409, 'user.has_open_orders');
    await shop.bus.send('orders', shop.message('CancelOrder', { orderId, reason: 'customer' }));
    expect((await shop.call('DELETE', `/users/${id}`, { as })).status).toBe(204);
  });

  it('had no paid order that has not arrived yet', async () => {
    const { customer, orderId } = await shop.newOrder();
    const { id, as } = customer;
    for (const step of ['MarkOrderPaid', 'MarkOrderShipped']) {
      const data = step === 'MarkOrderPaid' ? { orderId, paymentId: orderId } : { orderId };
      await shop.bus.send('orders', shop.message(step, data));
      expectProblem(await shop.call('DELETE', `/users/${id}`, { as }), 409, 'user.has_open_orders');
    }
  });

  it('may have orders that have arrived', async () => {
    const { customer, orderId } = await shop.newOrder();
    await shop.bus.send('orders', shop.message('MarkOrderPaid', { orderId, paymentId: orderId }));
    await shop.bus.send('orders', shop.message('MarkOrderShipped', { orderId }));
    await shop.bus.send('orders', shop.message('MarkOrderDelivered', { orderId }));
    expect((await shop.call('DELETE', `/users/${customer.id}`, { as: customer.as })).status).toBe(204);
  });
});

describe('an address whose registration came to nothing', () => {
  const claim = async (email: string, minutesAgo: number) => {
    const userId = randomUUID();
    const emailHash = await shop.lookups.emailHash(email);
    const at = new Date(Date.now() - minutesAgo * 60_000).toISOString();
    // The person cannot register twice: their claim to another address comes to nothing.
    const person = { userId, name: 'Ada', phone: null, roles: [] };
    const first = await shop.lookups.emailHash(newAddress());
    await shop.bus.send('users', shop.message('RegisterUser', { ...person, email, emailHash: first }, { at }));
    const again = shop.message('RegisterUser', { ...person, email, emailHash }, { at });
    await expect(shop.bus.send('users', again)).rejects.toMatchObject({ code: 'user.already_registered' });
  };

  it('is taken over once whoever claimed it had time enough', async () => {
    const email = newAddress();
    await claim(email, 5);
    expect((await register(email)).status).toBe(201);
    expect(await signIn(email)).toBe(200);
  });

  it('is taken before that', async () => {
    const email = newAddress();
    await claim(email, 0);
    expectProblem(await register(email), 409, 'user.email_taken');
  });
});
