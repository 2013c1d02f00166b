import { expectProblem, shippingAddress } from '../http/testing/client.js';
import { startShop, type Shop } from '../http/testing/shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.stop());

const checkout = { paymentMethod: 'pm_ok', shippingAddress };

/** A customer with two pieces of a product in the cart. */
const filledCart = async () => {
  const [{ id, as }, productId] = await Promise.all([shop.newCustomer(), shop.newProduct()]);
  const put = (quantity: number) => shop.call('PUT', `/cart/items/${productId}`, { as, body: { quantity } });
  const check = (key: string, body: object = checkout) =>
    shop.call('POST', '/cart/checkout', { as, body, headers: { 'idempotency-key': key } });
  await put(2);
  return { id, as, productId, put, check };
};
const discontinue = (productId: string) => shop.call('DELETE', `/products/${productId}`, { as: 'sam:staff' });

describe('a cart', () => {
  it('holds what was put into it, and no more what was taken out', async () => {
    const { id, as, productId, put } = await filledCart();
    expect(await put(3)).toMatchObject({ status: 200, body: { userId: id, items: [{ productId, quantity: 3 }] } });
    const emptied = await shop.call('DELETE', `/cart/items/${productId}`, { as });
    expect({ status: emptied.status, body: emptied.body }).toEqual({ status: 200, body: { userId: id, items: [] } });
  });

  it('takes no product that is not sold, and no part of a piece', async () => {
    const { as, put } = await filledCart();
    expectProblem(await put(0.5), 400, 'request.invalid');
    expectProblem(
      await shop.call('PUT', '/cart/items/unknown', { as, body: { quantity: 1 } }),
      422,
      'cart.unknown_product',
    );
  });

  it.each([
    ['PUT', '/cart/items/mug'],
    ['DELETE', '/cart/items/mug'],
    ['POST', '/cart/checkout'],
  ])('is not for staff: %s %s', async (method, path) => {
    expectProblem(await shop.call(method, path, { as: 'sam:staff', body: {} }), 403, 'auth.forbidden');
  });
});

describe('a checkout', () => {
  it('places the order, as POST /orders does, and empties the cart', async () => {
    const { id, productId, check } = await filledCart();
    const { status, body, headers } = await check('k');
    expect({ status, body }).toMatchObject({
      status: 201,
      body: { userId: id, items: [{ productId, quantity: 2 }], total: { amount: 900 }, status: 'PENDING' },
    });
    expect(headers.get('location')).toBe(`/api/v1/orders/${String(body['id'])}`);
    expect(headers.get('x-consistency-token')).toMatch(/^\d+\.cart,\d+\.order$/);
    expect(await shop.typesOf(`order-${String(body['id'])}`)).toEqual(['OrderPlaced']);
    expect(await shop.bus.ask('carts', 'cartOf', { userId: id })).toEqual({ items: [] });
  });

  it('of an empty cart is refused', async () => {
    const { as } = await shop.newCustomer();
    expectProblem(await shop.call('POST', '/cart/checkout', { as, body: checkout }), 409, 'cart.empty');
  });

  it('gives the first answer when it is repeated, whatever has happened since', async () => {
    const { id, productId, put, check } = await filledCart();
    const first = await check('k');
    expect((await check('k')).body).toEqual(first.body);
    await put(5);
    await discontinue(productId);
    const repeat = await check('k');
    expect({ status: repeat.status, body: repeat.body }).toEqual({ status: 201, body: first.body });
    expect(await shop.typesOf(`order-${String(first.body['id'])}`)).toEqual(['OrderPlaced']);
    expect(await shop.bus.ask('carts', 'cartOf', { userId: id })).toEqual({ items: [{ productId, quantity: 5 }] });
  });

  it('is one when it is sent several times at once', async () => {
    const { id, check } = await filledCart();
    const answers = await Promise.all([check('k'), check('k'), check('k')]);
    expect(new Set(answers.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1);
    expect(await shop.typesOf(`cart-${id}`)).toEqual(['CartItemSet', 'CartCheckedOut']);
  });

  it('with its key and another body is refused', async () => {
    const { check } = await filledCart();
    await check('k');
    expectProblem(await check('k', { ...checkout, paymentMethod: 'pm_slow' }), 422, 'idempotency.mismatch');
  });

  it('goes on where it was cut short before the order was placed', async () => {
    const { id, check } = await filledCart();
    const order = await cutShort(check);
    expect(await shop.typesOf(`cart-${id}`)).toEqual(['CartItemSet', 'CartCheckedOut']);
    expect(order).toMatchObject({ status: 201, body: { userId: id, total: { amount: 900 } } });
  });

  /** The answer to a repeat, after a first time at which orders could not be reached. */
  const cutShort = async (check: Awaited<ReturnType<typeof filledCart>>['check']) => {
    shop.without('orders');
    expectProblem(await check('k'), 503, 'service.unavailable');
    shop.without(null);
    return check('k');
  };

  it('is refused while so many before it are yet to become orders', async () => {
    const { id, put, check } = await filledCart();
    shop.without('orders');
    for (let count = 1; count <= 20; count += 1) {
      expectProblem(await check(`k${count}`), 503, 'service.unavailable');
      await put(2);
    }
    expectProblem(await check('k'), 409, 'cart.too_many_checkouts');
    shop.without(null);
    const placed = await check('k1');
    expect(placed.status).toBe(201);
    const orderId = String(placed.body['id']);
    await shop.bus.send('carts', shop.message('CompleteCheckout', { userId: id, orderId }));
    expect((await check('k')).status).toBe(201);
  });

  it('puts the lines back where the order is refused, and says why', async () => {
    const { id, as, productId } = await filledCart();
    await shop.bus.send('users', shop.message('DeactivateUser', { userId: id }));
    expectProblem(await shop.call('POST', '/cart/checkout', { as, body: checkout }), 400, 'order.unknown_user');
    expect(await shop.typesOf(`cart-${id}`)).toEqual(['CartItemSet', 'CartCheckedOut', 'CheckoutRejected']);
    expect(await shop.bus.ask('carts', 'cartOf', { userId: id })).toEqual({ items: [{ productId, quantity: 2 }] });
  });

  it('that was refused stays refused under its key', async () => {
    const { id, check } = await filledCart();
    await shop.bus.send('users', shop.message('DeactivateUser', { userId: id }));
    expectProblem(await check('k'), 400, 'order.unknown_user');
    expectProblem(await check('k'), 409, 'cart.no_checkout');
    expect(await shop.typesOf(`cart-${id}`)).toEqual(['CartItemSet', 'CartCheckedOut', 'CheckoutRejected']);
  });
});
