import { v4 as randomId } from 'uuid';
import { facts } from '../../infra/command-handling/testing/process-of-tests.js';
import { startEngines, type EnginesForTests } from '../../infra/engines/testing/engines-for-tests.js';
import { createEventStore, type EventStore } from '../../infra/event-store/event-store.js';
import { createPostgres, type Postgres } from '../../infra/postgres/postgres.js';
import { eventually } from '../e2e/testing/eventually.js';
import { startMortalProcess, type MortalProcess } from '../e2e/testing/mortal-process.js';
import { shippingAddress } from '../http/testing/client.js';
import { checkOut } from './checkout.js';

let engines: EnginesForTests;
let postgres: Postgres;
let eventStore: EventStore;
let well: MortalProcess;

const start = (options: Parameters<typeof startMortalProcess>[1] = {}) =>
  startMortalProcess({ url: engines.env.EVENTSTORE_URL, postgres }, options);

beforeAll(async () => {
  engines = await startEngines(['event-store', 'postgres']);
  postgres = createPostgres(engines.env.POSTGRES_URL);
  eventStore = createEventStore(engines.env.EVENTSTORE_URL);
  well = start();
});

afterAll(async () => {
  await well.dispose();
  await eventStore.dispose();
  await postgres.end();
  await engines.stop();
});

const message = (type: string, data: unknown) => ({ type, data, ...facts() });
const send = (context: string, type: string, data: object) => well.bus.send(context, message(type, data));

/** A customer with two pieces of a product in the cart, who is about to check out. */
const aboutToCheckOut = async () => {
  const [userId, productId, orderId] = [randomId(), randomId(), randomId()];
  const person = { email: `${userId}@example.org`, emailHash: userId, name: 'Ada', phone: null, roles: ['customer'] };
  await send('users', 'RegisterUser', { userId, ...person });
  const mug = { sku: productId, name: 'Mug', description: '', price: { amount: 950, currency: 'EUR' }, categories: [] };
  await send('catalog', 'AddProduct', { productId, ...mug });
  await send('carts', 'SetCartItem', { userId, productId, quantity: 2 });
  const request = { userId, orderId, paymentMethod: 'pm_ok', shippingAddress };
  const typesOf = async (streamId: string) => {
    const types: string[] = [];
    for await (const { type } of eventStore.readStream(streamId)) types.push(type);
    return types;
  };
  return {
    productId,
    checkOutBy: ({ bus }: MortalProcess) => checkOut(bus, request, message).catch((error: unknown) => error),
    discontinue: () => send('catalog', 'DiscontinueProduct', { productId }),
    items: async () => ((await well.bus.ask('carts', 'cartOf', { userId })) as { items: readonly object[] }).items,
    order: () => well.bus.ask('orders', 'orderOf', { orderId }),
    typesOfOrder: () => typesOf(`order-${orderId}`),
    typesOfCart: () => typesOf(`cart-${userId}`),
  };
};

describe('a checkout whose placing is about to be appended when its product is discontinued', () => {
  /** Whoever was about to place the order, and the customer. */
  const interrupted = async () => {
    const customer = await aboutToCheckOut();
    const slow = start({ mostAppends: 1 });
    const outcome = customer.checkOutBy(slow);
    await slow.died;
    await customer.discontinue();
    return { ...customer, slow, outcome };
  };
  const expectPutBack = async ({ slow, outcome, ...customer }: Awaited<ReturnType<typeof interrupted>>) => {
    slow.wake();
    expect(await outcome).toMatchObject({ code: 'order.placement_abandoned' });
    expect(await customer.typesOfOrder()).toEqual(['PlacementAbandoned']);
    expect(await customer.order()).toBeNull();
    expect(await customer.typesOfCart()).toEqual(['CartItemSet', 'CartCheckedOut', 'CheckoutRejected']);
    expect(await customer.items()).toEqual([{ productId: customer.productId, quantity: 2 }]);
    await slow.dispose();
  };

  it('is not placed once a repeat has put its lines back', async () => {
    const customer = await interrupted();
    expect(await customer.checkOutBy(well)).toMatchObject({ code: 'order.unknown_product' });
    await expectPutBack(customer);
  });

  it('is not placed once the policy has put its lines back', async () => {
    const customer = await interrupted();
    const sweeper = start({ sweeps: true });
    await eventually(async () => (await customer.items()).length > 0);
    await sweeper.dispose();
    await expectPutBack(customer);
  });
});

it('a checkout that has become an order is settled, so that others may follow without end', async () => {
  const customer = await aboutToCheckOut();
  await customer.checkOutBy(well);
  const sweeper = start({ sweeps: true });
  await eventually(async () => (await customer.typesOfCart()).includes('CheckoutCompleted'));
  await sweeper.dispose();
  expect(await customer.typesOfCart()).toEqual(['CartItemSet', 'CartCheckedOut', 'CheckoutCompleted']);
});

describe('a checkout that is refused and cut off', () => {
  it('has its lines put back by another process', async () => {
    const customer = await aboutToCheckOut();
    const first = start({ mostAppends: 1 });
    void customer.checkOutBy(first);
    await first.died;
    await customer.discontinue();
    const second = start({ mostAppends: 1 });
    void customer.checkOutBy(second);
    await second.died;
    expect(await customer.typesOfOrder()).toEqual(['PlacementAbandoned']);
    expect(await customer.items()).toEqual([]);
    const sweeper = start({ sweeps: true });
    await eventually(async () => (await customer.items()).length > 0);
    await sweeper.dispose();
    await Promise.all([first.dispose(), second.dispose()]);
  });
});
