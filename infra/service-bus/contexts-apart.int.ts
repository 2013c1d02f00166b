import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { v4 as randomId } from 'uuid';
import { contexts } from '../../domains/contexts.js';
import { newTraceparent, traceIdOf } from '../telemetry/tracing.js';
import type { ServiceBus } from './service-bus.js';
import { startCuttingProxy } from './testing/scripted-service.js';
import {
  coded,
  message,
  newPerson,
  newProduct,
  startServices,
  type Offered,
  type Services,
} from './testing/services.js';

const finished = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(finished)] });

let services: Services;
let users: Offered;
let catalog: Offered;
let orders: Offered;
/** As the gateway reaches the three processes. */
let bus: ServiceBus;

beforeAll(async () => {
  provider.register({ propagator: null });
  services = await startServices(contexts);
  users = await services.offer(services.localBus(['users']), ['users']);
  catalog = await services.offer(services.localBus(['catalog']), ['catalog']);
  orders = await offerOrders(users.url);
  bus = busTo({ users: users.url, catalog: catalog.url, orders: orders.url });
});
afterAll(async () => {
  await services.stop();
  await provider.shutdown();
});

const busTo = (urls: Readonly<Record<string, string>>) =>
  services.busTo([], { discovery: { instancesOf: (name) => Promise.resolve([urls[name] as string]) } });

/** A process that runs orders alone, and asks whoever listens at `usersUrl` for its buyers. */
const offerOrders = (usersUrl: string) =>
  services.offer(services.localBus(['orders'], busTo({ users: usersUrl, catalog: catalog.url })), ['orders']);

const address = {
  name: 'Ada Lovelace',
  street: '12 St James Square',
  city: 'London',
  postalCode: 'SW1Y',
  country: 'GB',
};
const orderOf = (userId: string, productId: string, over = {}) =>
  message(
    'PlaceOrder',
    {
      orderId: randomId(),
      userId,
      items: [{ productId, quantity: 2 }],
      paymentMethod: 'pm_ok',
      shippingAddress: address,
    },
    over,
  );
const newShop = async () => {
  const [person, product] = [newPerson(), newProduct()];
  await bus.send('users', message('RegisterUser', person));
  await bus.send('catalog', message('AddProduct', product));
  return { userId: person.userId, productId: product.productId };
};

describe('contexts in processes of their own', () => {
  it('place an order together, in one trace', async () => {
    const { userId, productId } = await newShop();
    finished.reset();
    const traceparent = newTraceparent();
    const receipt = await bus.send('orders', orderOf(userId, productId, { traceparent }));
    expect(receipt.answer).toMatchObject({ userId, total: { amount: 1_900, currency: 'EUR' }, status: 'PENDING' });

    const [placed] = await services.eventsOf(receipt.streamId);
    expect(traceIdOf(placed?.metadata.traceparent ?? '')).toBe(traceIdOf(traceparent));
    const spans = finished.getFinishedSpans();
    const traceId = traceIdOf(traceparent);
    const names = spans.filter((span) => span.spanContext().traceId === traceId).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['send orders PlaceOrder', 'orders PlaceOrder', 'ask users isActive', 'users isActive']),
    );
    const asked = spans.find(({ name }) => name === 'ask users isActive');
    const answered = spans.find(({ name }) => name === 'users isActive');
    expect(answered?.parentSpanContext?.spanId).toBe(asked?.spanContext().spanId);
  });

  it('refuse an order of an unknown user, for good', async () => {
    const { productId } = await newShop();
    await expect(bus.send('orders', orderOf(randomId(), productId))).rejects.toEqual(coded('order.unknown_user'));
    expect(await statusOf(orderOf(randomId(), productId))).toBe(400);
  });

  it('refuse it for now when users cannot be reached', async () => {
    const { userId, productId } = await newShop();
    const apart = await offerOrders('http://127.0.0.1:1');
    const order = orderOf(userId, productId);
    await expect(busTo({ orders: apart.url }).send('orders', order)).rejects.toMatchObject({
      code: 'service.unavailable',
      upstream: 'users',
    });
    expect(await statusOf(order, apart.url)).toBe(503);
    expect(await services.eventsOf(`order-${(order.data as { orderId: string }).orderId}`)).toHaveLength(0);
    const placed = await bus.send('orders', order);
    expect(placed.answer).toMatchObject({ status: 'PENDING' });
  });

  it('change a stream once when the answer is lost on its way back', async () => {
    const { userId, productId } = await newShop();
    const proxy = await startCuttingProxy(orders.url, 2);
    const order = orderOf(userId, productId, { isNew: true });
    const receipt = await busTo({ orders: proxy.url }).send('orders', order);
    proxy.close();
    expect(proxy.lost()).toBe(2);
    expect(await services.eventsOf(receipt.streamId)).toHaveLength(1);
    expect(receipt).toEqual(await bus.send('orders', order));
  });
});

const statusOf = async (order: object, url = orders.url): Promise<number> => {
  const response = await fetch(`${url}/commands/orders`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await services.tokensOf('gateway').issue()}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(order),
  });
  return response.status;
};
