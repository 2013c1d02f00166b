import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { startEngines, type EnginesForTests } from '../../infra/engines/testing/engines-for-tests.js';
import { createEventStore, type EventStore } from '../../infra/event-store/event-store.js';
import type { StoredEvent } from '../../infra/event-store/stored-event.js';
import { policyCommandId } from '../../infra/policies/policy-command-id.js';
import { sendingCommand } from '../../infra/policies/send-command.js';
import { createPostgres, type Postgres } from '../../infra/postgres/postgres.js';
import { createPersonalKeys } from '../../infra/security/personal-keys.js';
import { createLocalServiceBus } from '../../infra/service-bus/local-service-bus.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import { newTraceparent } from '../../infra/telemetry/tracing.js';
import { orders } from '../orders/service.js';
import { shipping } from '../shipping/service.js';
import type { Policy } from '../shared/policy.js';
import { placementOf, placeOrderPolicy, rejectCheckoutPolicy, type Checkout } from './commands.js';
import { carts } from './service.js';
import { address } from './testing/example-cart.js';

const services = [carts, orders, shipping];
let engines: EnginesForTests;
let eventStore: EventStore;
let postgres: Postgres;
let bus: ServiceBus;
let placeCheckout: (event: StoredEvent) => Promise<void>;
let putBack: (event: StoredEvent) => Promise<void>;

/** What catalog sells, and for how much; users knows everybody. */
const prices = new Map<string, number>();
const usersAndCatalog: ServiceBus = {
  send: (context) => Promise.reject(new Error(`Nobody sends to ${context} here`)),
  ask: (_context, question, data) => {
    if (question === 'isActive') return Promise.resolve(true);
    const { productIds } = data as { productIds: readonly string[] };
    return Promise.resolve(
      productIds.map((productId) => {
        const amount = prices.get(productId);
        return amount === undefined ? null : { productId, sku: 's', name: 'n', price: { amount, currency: 'EUR' } };
      }),
    );
  },
};

beforeAll(async () => {
  engines = await startEngines(['event-store', 'postgres']);
  eventStore = createEventStore(engines.env.EVENTSTORE_URL);
  postgres = createPostgres(engines.env.POSTGRES_URL);
  const personalKeys = createPersonalKeys({ postgres, masterKey: 'ab'.repeat(32) });
  bus = createLocalServiceBus({ services, eventStore, personalKeys, elsewhere: usersAndCatalog });
  const aggregates = services.flatMap((service) => service.aggregates);
  const reactionOf = (name: string) => {
    const policy = carts.policies.find((each) => each.name === name) as Policy;
    return sendingCommand(policy, { bus, aggregates, personalKeys, log: pino({ level: 'silent' }) }).react;
  };
  placeCheckout = reactionOf(placeOrderPolicy);
  putBack = reactionOf(rejectCheckoutPolicy);
});

afterAll(async () => {
  await eventStore.dispose();
  await postgres.end();
  await engines.stop();
});

const send = async (context: string, type: string, data: object, commandId: string = randomUUID()) => {
  const facts = { at: new Date().toISOString(), commandId, correlationId: randomUUID(), actor: 'u1' };
  const { answer } = await bus.send(context, { type, data, ...facts, traceparent: newTraceparent() });
  return answer;
};
const eventsOf = async (streamId: string) => {
  const events: StoredEvent[] = [];
  for await (const event of eventStore.readStream(streamId)) events.push(event as StoredEvent);
  return events;
};
const typesOf = async (streamId: string) => (await eventsOf(streamId)).map(({ type }) => type);
const itemsOf = async (userId: string) =>
  ((await bus.ask('carts', 'cartOf', { userId })) as Readonly<{ items: readonly object[] }>).items;
const coded = (code: string) => expect.objectContaining({ code }) as Error;

/** Somebody who has checked out two pieces at 250, and the event that says so. */
const checkedOut = async () => {
  const [userId, productId, orderId] = [randomUUID(), randomUUID(), randomUUID()];
  prices.set(productId, 250);
  await send('carts', 'SetCartItem', { userId, productId, quantity: 2 });
  const checkout = { userId, orderId, paymentMethod: 'pm_ok', shippingAddress: address };
  await send('carts', 'CheckOut', { ...checkout, items: await itemsOf(userId) });
  const event = (await eventsOf(`cart-${userId}`)).at(-1) as StoredEvent;
  const { lines } = event.data as Pick<Checkout, 'lines'>;
  const placement = placementOf({ userId, orderId, lines, address, paymentMethod: 'pm_ok' });
  return { userId, productId, orderId, checkout, event, placement };
};

describe('what was checked out', () => {
  it('is placed at the prices of its time, and its shipment knows where it goes', async () => {
    const { productId, orderId, event } = await checkedOut();
    prices.set(productId, 900);
    await placeCheckout(event);
    expect(await bus.ask('orders', 'fulfilmentOf', { orderId })).toMatchObject({
      total: { amount: 500, currency: 'EUR' },
    });
    await send('orders', 'MarkOrderPaid', { orderId, paymentId: 'pay1' });
    await send('shipping', 'CreateShipment', { orderId });
    expect(await bus.ask('orders', 'deliveryOf', { orderId })).toMatchObject({ address });
    const [created] = await eventsOf(`shipment-${orderId}`);
    expect(created?.data['address']).toEqual({ $sealed: expect.any(String) as string });
  });

  it('is placed once, by whoever checked out and by the policy', async () => {
    const { userId, orderId, event, placement } = await checkedOut();
    await send('orders', 'PlaceOrder', placement, policyCommandId(placeOrderPolicy, orderId));
    await placeCheckout(event);
    expect(await typesOf(`order-${orderId}`)).toEqual(['OrderPlaced']);
    expect(await itemsOf(userId)).toEqual([]);
  });

  it('goes back to the cart where it is no longer sold', async () => {
    const { userId, productId, orderId, event } = await checkedOut();
    prices.delete(productId);
    await placeCheckout(event);
    const [abandoned, ...more] = await eventsOf(`order-${orderId}`);
    expect([abandoned?.type, more]).toEqual(['PlacementAbandoned', []]);
    expect(await itemsOf(userId)).toEqual([]);
    await putBack(abandoned as StoredEvent);
    expect(await typesOf(`cart-${userId}`)).toEqual(['CartItemSet', 'CartCheckedOut', 'CheckoutRejected']);
    expect(await itemsOf(userId)).toEqual([{ productId, quantity: 2 }]);
  });

  it('stays an order that was placed, whatever is sold when the policy comes to it', async () => {
    const { userId, productId, orderId, event } = await checkedOut();
    await placeCheckout(event);
    prices.delete(productId);
    await placeCheckout(event);
    expect(await typesOf(`order-${orderId}`)).toEqual(['OrderPlaced']);
    expect(await itemsOf(userId)).toEqual([]);
  });

  it('is not placed once it went back', async () => {
    const { userId, orderId, event, placement } = await checkedOut();
    const refused = { userId, orderId, code: 'order.unknown_user' };
    await send('orders', 'AbandonPlacement', refused);
    await send('carts', 'RejectCheckout', refused);
    await expect(send('orders', 'PlaceOrder', placement)).rejects.toEqual(coded('cart.no_checkout'));
    await placeCheckout(event);
    expect(await typesOf(`order-${orderId}`)).toEqual(['PlacementAbandoned']);
    expect(await typesOf(`cart-${userId}`)).toEqual(['CartItemSet', 'CartCheckedOut', 'CheckoutRejected']);
  });

  it('does not go back while it may still be placed', async () => {
    const { userId, orderId } = await checkedOut();
    await send('carts', 'RejectCheckout', { userId, orderId, code: 'order.unknown_user' });
    expect(await typesOf(`cart-${userId}`)).toEqual(['CartItemSet', 'CartCheckedOut']);
  });

  it('is checked out in one of two tabs', async () => {
    const { checkout, userId, productId } = await checkedOut();
    const seen = [{ productId, quantity: 2 }];
    await expect(send('carts', 'CheckOut', { ...checkout, orderId: randomUUID(), items: seen })).rejects.toEqual(
      coded('cart.empty'),
    );
    await send('carts', 'SetCartItem', { userId, productId, quantity: 3 });
    await expect(send('carts', 'CheckOut', { ...checkout, orderId: randomUUID(), items: seen })).rejects.toEqual(
      coded('command.conflict'),
    );
  });
});
