import { randomUUID } from 'node:crypto';
import { aString, expectProblem, product, shippingAddress } from '../http/testing/client.js';
import { startShop, type Shop } from '../http/testing/shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.stop());

const as = 'sam:staff';
const addCategory = (body: object, headers = {}) => shop.call('POST', '/categories', { as, body, headers });
const addProduct = (sku: string) => shop.call('POST', '/products', { as, body: { ...product, sku } });

describe('a category', () => {
  it('is added below another, once under one key', async () => {
    const parent = await addCategory({ name: 'Kitchen' });
    expect({ status: parent.status, body: parent.body }).toEqual({
      status: 201,
      body: { id: aString, name: 'Kitchen', parentId: null },
    });
    const below = { name: 'Cups', parentId: parent.body['id'] };
    const headers = { 'idempotency-key': 'k' };
    const [first, repeat] = [await addCategory(below, headers), await addCategory(below, headers)];
    expect(first.body).toMatchObject(below);
    expect(repeat.body).toEqual(first.body);
    expect(await shop.typesOf(`category-${String(first.body['id'])}`)).toEqual(['CategoryAdded']);
  });

  it('is not added below one that is not there, nor by customers', async () => {
    expectProblem(await addCategory({ name: 'Cups', parentId: 'none' }), 422, 'category.unknown_parent');
    const answer = await shop.call('POST', '/categories', { as: 'ada:customer', body: { name: 'Cups' } });
    expectProblem(answer, 403, 'auth.forbidden');
  });
});

describe('a discontinued product', () => {
  it('is not ordered any more, and keeps its SKU', async () => {
    const sku = randomUUID();
    const productId = String((await addProduct(sku)).body['id']);
    const discontinue = (who: string) => shop.call('DELETE', `/products/${productId}`, { as: who });
    expectProblem(await discontinue('ada:customer'), 403, 'auth.forbidden');
    expect([(await discontinue(as)).status, (await discontinue(as)).status]).toEqual([204, 204]);
    const customer = await shop.newCustomer();
    const order = { items: [{ productId, quantity: 1 }], paymentMethod: 'pm_ok', shippingAddress };
    expectProblem(await shop.call('POST', '/orders', { as: customer.as, body: order }), 422, 'order.unknown_product');
    expectProblem(await addProduct(sku), 409, 'product.sku_taken');
  });

  it('has stock that is counted, corrected and added to', async () => {
    const productId = String((await addProduct(randomUUID())).body['id']);
    await shop.call('DELETE', `/products/${productId}`, { as });
    const send = (type: string, data: object) => shop.bus.send('inventory', shop.message(type, { productId, ...data }));
    await send('ReceiveStock', { quantity: 5, reference: 'came back' });
    await send('AdjustStock', { delta: -2, reason: 'broken' });
    expect(await shop.typesOf(`stock-${productId}`)).toEqual(['StockReceived', 'StockAdjusted']);
    await expect(
      shop.bus.send('inventory', shop.message('ReceiveStock', { productId: 'none', quantity: 1 })),
    ).rejects.toMatchObject({ code: 'product.not_found' });
  });

  it('was there before', async () =>
    expectProblem(await shop.call('DELETE', '/products/none', { as }), 404, 'product.not_found'));
});

describe('a SKU whose product came to nothing', () => {
  const claim = async (sku: string, minutesAgo: number) => {
    const productId = String((await addProduct(randomUUID())).body['id']);
    const at = new Date(Date.now() - minutesAgo * 60_000).toISOString();
    const again = shop.message('AddProduct', { productId, ...product, sku, description: '', categories: [] }, { at });
    await expect(shop.bus.send('catalog', again)).rejects.toMatchObject({ code: 'product.already_added' });
  };

  it('is taken over once whoever claimed it had time enough', async () => {
    const [old, fresh] = [randomUUID(), randomUUID()];
    await claim(old, 5);
    await claim(fresh, 0);
    expect((await addProduct(old)).status).toBe(201);
    expectProblem(await addProduct(fresh), 409, 'product.sku_taken');
  });
});
