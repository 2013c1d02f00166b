import { randomUUID } from 'node:crypto';
import { DomainError } from '../../domains/shared/errors.js';
import { expectProblem, shippingAddress } from '../http/testing/client.js';
import { startShop, type Shop } from '../http/testing/shop.js';
import { erasePerson } from './erasing.js';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.stop());

type Customer = Awaited<ReturnType<Shop['newCustomer']>>;

const placeOrder = async ({ as }: Customer, productId: string) => {
  const body = { items: [{ productId, quantity: 1 }], paymentMethod: 'pm_ok', shippingAddress };
  return shop.call('POST', '/orders', { as, body });
};

/** Erases the person; `look` is done where open orders are looked for. */
const erase = ({ id }: Customer, look: () => Promise<void>) => {
  const erasure = { erase: () => Promise.resolve() };
  const facts = { commandId: randomUUID() };
  const message = (type: string, data: unknown) => shop.message(type, data, facts);
  return erasePerson({ ...shop, erasure }, { userId: id, message, refuseWithOpenOrders: look });
};

describe('while a person is being erased', () => {
  it('no order is placed that the look for open ones has missed', async () => {
    const [customer, productId] = [await shop.newCustomer(), await shop.newProduct()];
    await erase(customer, async () => {
      expectProblem(await placeOrder(customer, productId), 400, 'order.unknown_user');
    });
    expect(await shop.typesOf(`user-${customer.id}`)).toEqual(['UserRegistered', 'ErasureRequested', 'UserErased']);
  });

  it('whoever takes so long that others withdraw it is refused', async () => {
    const [customer, productId] = [await shop.newCustomer(), await shop.newProduct()];
    const stream = `user-${customer.id}`;
    const slow = erase(customer, async () => {
      const { requestId } = await shop.latestOf(stream);
      await shop.bus.send('users', shop.message('WithdrawErasure', { userId: customer.id, requestId }));
      expect((await placeOrder(customer, productId)).status).toBe(201);
    });
    await expect(slow).rejects.toMatchObject({ code: 'user.erasure_withdrawn' });
    expect(await shop.typesOf(stream)).toEqual(['UserRegistered', 'ErasureRequested', 'ErasureWithdrawn']);
  });
});

describe('a person who was not erased, since an order is under way', () => {
  it('can order again, and be erased later by a repeat with the same key', async () => {
    const { customer, productId, orderId } = await shop.newOrder();
    const { id, as } = customer;
    const remove = () => shop.call('DELETE', `/users/${id}`, { as, headers: { 'idempotency-key': 'once' } });
    expectProblem(await remove(), 409, 'user.has_open_orders');
    const another = await placeOrder(customer, productId);
    expect(another.status).toBe(201);
    for (const each of [orderId, another.body['id']])
      await shop.bus.send('orders', shop.message('RejectOrder', { orderId: each, reason: 'out_of_stock' }));
    expect([(await remove()).status, (await remove()).status]).toEqual([204, 204]);
  });

  it('hears why, also where the request cannot be withdrawn at once', async () => {
    const customer = await shop.newCustomer();
    const refused = erase(customer, () => {
      shop.without('users');
      return Promise.reject(new DomainError('user.has_open_orders', ''));
    });
    await expect(refused).rejects.toMatchObject({ code: 'user.has_open_orders' });
    shop.without(null);
  });
});
