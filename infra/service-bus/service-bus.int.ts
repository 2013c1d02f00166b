import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { v4 as randomId } from 'uuid';
import { contexts } from '../../domains/contexts.js';
import { startEngines, type EnginesForTests } from '../engines/testing/engines-for-tests.js';
import { createEventStore, type EventStore } from '../event-store/event-store.js';
import type { StoredEvent } from '../event-store/stored-event.js';
import { createPostgres, type Postgres } from '../postgres/postgres.js';
import { closeServer, listen } from '../process/health-server.js';
import { createPersonalKeys } from '../security/personal-keys.js';
import { newTraceparent } from '../telemetry/tracing.js';
import { createHttpServiceBus } from './http-service-bus.js';
import { createLocalServiceBus } from './local-service-bus.js';
import { createServiceEndpoint } from './service-endpoint.js';
import type { CommandMessage, ServiceBus } from './service-bus.js';

const masterKey = 'ab'.repeat(32);
let engines: EnginesForTests;
let eventStore: EventStore;
let postgres: Postgres;
let server: Server;
const buses: Record<string, ServiceBus> = {};

beforeAll(async () => {
  engines = await startEngines(['event-store', 'postgres']);
  eventStore = createEventStore(engines.env.EVENTSTORE_URL);
  postgres = createPostgres(engines.env.POSTGRES_URL);
  const local = createLocalServiceBus({
    services: contexts,
    eventStore,
    personalKeys: createPersonalKeys({ postgres, masterKey }),
  });
  server = createServer(createServiceEndpoint({ bus: local, masterKey, log: pino({ level: 'silent' }), checks: {} }));
  await listen(server, { host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  buses['local'] = local;
  buses['http'] = createHttpServiceBus({ url, masterKey });
  buses['stranger'] = createHttpServiceBus({ url, masterKey: 'cd'.repeat(32) });
  buses['nobody'] = createHttpServiceBus({ url: 'http://127.0.0.1:1', masterKey });
});

afterAll(async () => {
  await closeServer(server);
  await eventStore.dispose();
  await postgres.end();
  await engines.stop();
});

const message = (type: string, data: unknown, over: Partial<CommandMessage> = {}): CommandMessage => ({
  type,
  data,
  at: new Date().toISOString(),
  commandId: randomId(),
  correlationId: randomId(),
  actor: '(test)',
  traceparent: newTraceparent(),
  ...over,
});
const product = (sku: string = randomId()) => ({
  productId: randomId(),
  sku,
  name: 'Mug',
  description: '',
  price: { amount: 950, currency: 'EUR' },
  categories: [],
});
const eventsOf = async (streamId: string) => {
  const events: StoredEvent[] = [];
  for await (const event of eventStore.readStream(streamId)) events.push(event);
  return events;
};
const coded = (code: string) => expect.objectContaining({ code }) as Error;

describe.each(['local', 'http'])('a service bus (%s)', (kind) => {
  const bus = (): ServiceBus => buses[kind] as ServiceBus;

  it('turns a command into events with their metadata', async () => {
    const data = product();
    const command = message('AddProduct', data, { requestHash: 'h1' });
    const receipt = await bus().send('catalog', command);
    const [event] = await eventsOf(`product-${data.productId}`);
    expect(receipt).toMatchObject({ streamId: `product-${data.productId}`, revision: 0, category: 'product' });
    expect(receipt.touched.map(({ category }) => category)).toEqual(['sku', 'product']);
    expect(event?.position.commit.toString()).toBe(receipt.position);
    expect(event).toMatchObject({ type: 'ProductAdded', data });
    expect(event?.metadata).toMatchObject({
      $correlationId: command.correlationId,
      actor: '(test)',
      at: command.at,
      requestHash: 'h1',
      schemaVersion: 1,
      traceparent: command.traceparent,
    });
  });

  it('gives a repeated command the first answer, also after other events', async () => {
    const data = product();
    const { productId } = data;
    await bus().send('catalog', message('AddProduct', data));
    const receive = message('ReceiveStock', { productId, quantity: 5, reference: null });
    const first = await bus().send('inventory', receive);
    const reserve = message('ReserveStock', { productId, orderId: 'o1', quantity: 5 });
    const reserved = await bus().send('inventory', reserve);
    await bus().send('inventory', message('ReleaseReservation', { productId, orderId: 'o1' }));
    expect(await bus().send('inventory', receive)).toEqual(first);
    expect(await bus().send('inventory', reserve)).toEqual(reserved);
    expect(await eventsOf(`stock-${productId}`)).toHaveLength(3);
  });

  it('refuses a command id that was used with another body, before anything changes', async () => {
    const add = message('AddProduct', product(), { requestHash: 'h1' });
    await bus().send('catalog', add);
    const data = { ...(add.data as object), sku: randomId() };
    const other = { ...add, data, requestHash: 'h2' };
    await expect(bus().send('catalog', other)).rejects.toEqual(coded('idempotency.mismatch'));
    expect(await eventsOf(`sku-${data.sku}`)).toHaveLength(0);
  });

  it('lets no two products hold one SKU', async () => {
    const sku = randomId();
    const outcomes = await Promise.allSettled(
      [1, 2, 3].map(() => bus().send('catalog', message('AddProduct', product(sku)))),
    );
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused.map(({ reason }) => reason as unknown)).toEqual([
      coded('product.sku_taken'),
      coded('product.sku_taken'),
    ]);
  });

  it('never gives away more than there is, however many ask at once', async () => {
    const data = product();
    const { productId } = data;
    await bus().send('catalog', message('AddProduct', data));
    await bus().send('inventory', message('ReceiveStock', { productId, quantity: 5, reference: null }));
    const receipts = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        bus().send('inventory', message('ReserveStock', { productId, orderId: `o${index}`, quantity: 1 })),
      ),
    );
    expect(receipts.filter(({ answer }) => (answer as { reserved: boolean }).reserved)).toHaveLength(5);
  });

  it('passes on what a rule says, field by field', async () => {
    const wrong = message('ReceiveStock', { productId: 'p1', quantity: 0 });
    const errors = [{ pointer: '/quantity', detail: 'must be an integer from 1 to 1000000000' }];
    await expect(bus().send('inventory', wrong)).rejects.toMatchObject({ code: 'command.invalid', errors });
  });

  it.each([
    ['an unknown command', 'orders', 'FlyToTheMoon', 'command.unknown'],
    ['an unknown context', 'moon', 'PlaceOrder', 'service.unavailable'],
  ])('refuses %s', async (_, context, type, code) => {
    await expect(bus().send(context, message(type, {}))).rejects.toEqual(coded(code));
  });

  it('answers questions from the streams', async () => {
    const data = product();
    await bus().send('catalog', message('AddProduct', data));
    const { productId, sku, name, price } = data;
    const offers = await bus().ask('catalog', 'pricesOf', { productIds: [productId, 'unknown'] });
    expect(offers).toEqual([{ productId, sku, name, price }, null]);
  });

  it('seals personal fields', async () => {
    const userId = randomId();
    const person = {
      userId,
      email: 'ada@example.org',
      emailHash: randomId(),
      name: 'Ada Lovelace',
      phone: null,
      roles: [],
    };
    await bus().send('users', message('RegisterUser', person));
    expect(
      JSON.stringify(await eventsOf(`user-${userId}`), (_, value: unknown) => (typeof value === 'bigint' ? '' : value)),
    ).not.toMatch(/lovelace/i);
    expect(await bus().ask('users', 'isActive', { userId })).toBe(true);
  });
});

describe('the service endpoint', () => {
  it('refuses whoever has no token of ours', async () => {
    await expect(buses['stranger']?.ask('users', 'isActive', { userId: 'u1' })).rejects.toEqual(
      coded('auth.invalid_token'),
    );
  });
  it('is missed as such when it is away', async () => {
    await expect(buses['nobody']?.ask('users', 'isActive', { userId: 'u1' })).rejects.toEqual(
      coded('service.unavailable'),
    );
  });
});
