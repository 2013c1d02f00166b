import { v4 as randomId } from 'uuid';
import { facts } from '../../infra/command-handling/testing/process-of-tests.js';
import { startEngines, type EnginesForTests } from '../../infra/engines/testing/engines-for-tests.js';
import { createPostgres, type Postgres } from '../../infra/postgres/postgres.js';
import { eventually } from '../e2e/testing/eventually.js';
import { startMortalProcess, type MortalProcess } from '../e2e/testing/mortal-process.js';
import { shippingAddress } from '../http/testing/client.js';
import { changeStatus } from './status-change.js';

let engines: EnginesForTests;
let postgres: Postgres;
let well: MortalProcess;

const start = (options: Parameters<typeof startMortalProcess>[1] = {}) =>
  startMortalProcess({ url: engines.env.EVENTSTORE_URL, postgres }, options);

beforeAll(async () => {
  engines = await startEngines(['event-store', 'postgres']);
  postgres = createPostgres(engines.env.POSTGRES_URL);
  well = start();
});

afterAll(async () => {
  await well.dispose();
  await postgres.end();
  await engines.stop();
});

const message = (type: string, data: unknown) => ({ type, data, ...facts() });
const send = (context: string, type: string, data: object) => well.bus.send(context, message(type, data));

/** An order that was paid, and whose shipment waits. */
const paidOrder = async (): Promise<string> => {
  const [userId, productId, orderId] = [randomId(), randomId(), randomId()];
  const person = { email: `${userId}@example.org`, emailHash: userId, name: 'Ada', phone: null, roles: ['customer'] };
  await send('users', 'RegisterUser', { userId, ...person });
  const mug = { sku: productId, name: 'Mug', description: '', price: { amount: 950, currency: 'EUR' }, categories: [] };
  await send('catalog', 'AddProduct', { productId, ...mug });
  const items = [{ productId, quantity: 1 }];
  await send('orders', 'PlaceOrder', { orderId, userId, items, paymentMethod: 'pm_ok', shippingAddress });
  await send('orders', 'MarkOrderPaid', { orderId, paymentId: orderId });
  await send('shipping', 'CreateShipment', { orderId });
  return orderId;
};
const standingOf = async (orderId: string) => {
  const about = [
    ['orders', 'orderOf'],
    ['shipping', 'shipmentOf'],
  ] as const;
  const found = await Promise.all(about.map(([context, question]) => well.bus.ask(context, question, { orderId })));
  return (found as { status: string }[]).map(({ status }) => status);
};

it('a dispatch that is cut off once its order is marked is recorded by another process', async () => {
  const orderId = await paidOrder();
  const dying = start({ mostAppends: 2 });
  const outcome = changeStatus(dying.bus, { orderId, cancelling: false }, 'SHIPPED', message);
  await dying.died;
  expect(await standingOf(orderId)).toEqual(['SHIPPED', 'DISPATCHING']);

  const sweeper = start({ sweeps: true });
  await eventually(async () => (await standingOf(orderId)).includes('DISPATCHED'));
  await sweeper.dispose();
  dying.wake();
  expect(await outcome).toMatchObject({ streamId: `shipment-${orderId}` });
  expect(await standingOf(orderId)).toEqual(['SHIPPED', 'DISPATCHED']);
  await dying.dispose();
});
