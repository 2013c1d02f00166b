import { v4 as randomId } from 'uuid';
import { contexts } from '../../domains/contexts.js';
import type { ServiceBus } from './service-bus.js';
import { coded, message, newPerson, newProduct, startServices, type Services } from './testing/services.js';

let services: Services;
const buses: Record<string, ServiceBus> = {};

beforeAll(async () => {
  services = await startServices(contexts);
  const local = services.localBus();
  buses['local'] = local;
  buses['http'] = services.busTo([(await services.offer(local)).url]);
});

afterAll(() => services.stop());

describe.each(['local', 'http'])('a service bus (%s)', (kind) => {
  const bus = (): ServiceBus => buses[kind] as ServiceBus;
  const newStock = async (quantity: number): Promise<string> => {
    const product = newProduct();
    const { productId } = product;
    await bus().send('catalog', message('AddProduct', product));
    await bus().send('inventory', message('ReceiveStock', { productId, quantity, reference: null }));
    return productId;
  };

  it('turns a command into events with their metadata', async () => {
    const data = newProduct();
    const command = message('AddProduct', data, { requestHash: 'h1', causationId: 'e1', isNew: true });
    const receipt = await bus().send('catalog', command);
    const [event] = await services.eventsOf(`product-${data.productId}`);
    expect(receipt).toMatchObject({ streamId: `product-${data.productId}`, revision: 0, category: 'product' });
    expect(receipt.touched.map(({ category }) => category)).toEqual(['sku', 'product']);
    expect(event?.position?.commit.toString()).toBe(receipt.position);
    expect(event).toMatchObject({ type: 'ProductAdded', data });
    expect(event?.metadata).toMatchObject({
      $correlationId: command.correlationId,
      $causationId: 'e1',
      actor: '(test)',
      at: command.at,
      requestHash: 'h1',
      traceparent: command.traceparent,
    });
  });

  it('gives a repeated command the first answer, also after other events', async () => {
    const productId = await newStock(1);
    const receive = message('ReceiveStock', { productId, quantity: 5, reference: null });
    const first = await bus().send('inventory', receive);
    const reserve = message('ReserveStock', { productId, orderId: 'o1', quantity: 5 });
    const reserved = await bus().send('inventory', reserve);
    await bus().send('inventory', message('ReleaseReservation', { productId, orderId: 'o1' }));
    expect(await bus().send('inventory', receive)).toEqual(first);
    expect(await bus().send('inventory', reserve)).toEqual(reserved);
    expect(await services.eventsOf(`stock-${productId}`)).toHaveLength(4);
  });

  it('lets ten identical commands at once change the stream once', async () => {
    const productId = await newStock(1);
    const receive = message('ReceiveStock', { productId, quantity: 5, reference: null });
    const receipts = await Promise.all(Array.from({ length: 10 }, () => bus().send('inventory', receive)));
    expect(receipts).toEqual(receipts.map(() => receipts[0]));
    expect(await services.eventsOf(`stock-${productId}`)).toHaveLength(2);
  });

  it('refuses a command id that was used with another body, before anything changes', async () => {
    const add = message('AddProduct', newProduct(), { requestHash: 'h1' });
    await bus().send('catalog', add);
    const data = { ...(add.data as object), sku: randomId() };
    const other = { ...add, data, requestHash: 'h2' };
    await expect(bus().send('catalog', other)).rejects.toEqual(coded('idempotency.mismatch'));
    expect(await services.eventsOf(`sku-${data.sku}`)).toHaveLength(0);
  });

  it('lets no two products hold one SKU', async () => {
    const sku = randomId();
    const outcomes = await Promise.allSettled(
      [1, 2, 3].map(() => bus().send('catalog', message('AddProduct', newProduct(sku)))),
    );
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused.map(({ reason }) => reason as unknown)).toEqual([
      coded('product.sku_taken'),
      coded('product.sku_taken'),
    ]);
  });

  it('never gives away more than there is, however many ask at once', async () => {
    const productId = await newStock(5);
    const receipts = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        bus().send('inventory', message('ReserveStock', { productId, orderId: `o${index}`, quantity: 1 })),
      ),
    );
    expect(receipts.filter(({ answer }) => (answer as { reserved: boolean }).reserved)).toHaveLength(5);
  });

  it('passes on what a rule says, field by field', async () => {
    const wrong = message('ReceiveStock', { productId: 'p1', quantity: 0 });
    await expect(bus().send('inventory', wrong)).rejects.toMatchObject({
      code: 'command.invalid',
      message: 'The data has wrong fields',
      errors: [{ pointer: '/quantity', detail: 'must be an integer from 1 to 1000000000' }],
    });
  });

  it('passes on which rule said no', async () => {
    const productId = await newStock(5);
    const never = message('CommitReservation', { productId, orderId: 'o1' });
    await expect(bus().send('inventory', never)).rejects.toEqual(coded('stock.not_reserved'));
  });

  it.each([
    ['an unknown command', 'orders', 'FlyToTheMoon', 'command.unknown'],
    ['an unknown context', 'moon', 'PlaceOrder', 'service.unavailable'],
  ])('refuses %s', async (_, context, type, code) => {
    await expect(bus().send(context, message(type, {}))).rejects.toEqual(coded(code));
  });

  it.each([
    ['an unknown question', 'orders', 'command.unknown'],
    ['a question to an unknown context', 'moon', 'service.unavailable'],
  ])('refuses %s', async (_, context, code) => {
    await expect(bus().ask(context, 'howFarIsTheMoon', {})).rejects.toEqual(coded(code));
  });

  it('answers questions from the streams', async () => {
    const data = newProduct();
    await bus().send('catalog', message('AddProduct', data));
    const { productId, sku, name, price } = data;
    const offers = await bus().ask('catalog', 'pricesOf', { productIds: [productId, 'unknown'] });
    expect(offers).toEqual([{ productId, sku, name, price }, null]);
    await expect(bus().ask('catalog', 'pricesOf', { productIds: 'all' })).rejects.toEqual(coded('command.invalid'));
  });

  it('seals personal fields', async () => {
    const person = newPerson();
    await bus().send('users', message('RegisterUser', person));
    expect(
      JSON.stringify(await services.eventsOf(`user-${person.userId}`), (_, value: unknown) =>
        typeof value === 'bigint' ? '' : value,
      ),
    ).not.toMatch(/lovelace/i);
    expect(await bus().ask('users', 'isActive', { userId: person.userId })).toBe(true);
  });
});
