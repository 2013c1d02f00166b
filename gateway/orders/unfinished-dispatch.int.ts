import { v4 as randomId } from 'uuid';
import { eventually } from '../e2e/testing/eventually.js';
import { newCommand, startWriteSide, type WriteSide } from '../e2e/testing/write-side.js';
import { shippingAddress } from '../http/testing/client.js';
import { changeStatus } from './status-change.js';

let writeSide: WriteSide;

beforeAll(async () => {
  writeSide = await startWriteSide();
});
afterAll(() => writeSide.stop());

/** An order that was paid, and whose shipment waits. */
const paidOrder = async (): Promise<string> => {
  const [userId, productId, orderId] = [randomId(), randomId(), randomId()];
  const person = { email: `${userId}@example.org`, emailHash: userId, name: 'Ada', phone: null, roles: ['customer'] };
  await writeSide.send('users', 'RegisterUser', { userId, ...person });
  const mug = { sku: productId, name: 'Mug', description: '', price: { amount: 950, currency: 'EUR' }, categories: [] };
  await writeSide.send('catalog', 'AddProduct', { productId, ...mug });
  const items = [{ productId, quantity: 1 }];
  await writeSide.send('orders', 'PlaceOrder', { orderId, userId, items, paymentMethod: 'pm_ok', shippingAddress });
  await writeSide.send('orders', 'MarkOrderPaid', { orderId, paymentId: orderId });
  await writeSide.send('shipping', 'CreateShipment', { orderId });
  return orderId;
};
const standingOf = async (orderId: string) => {
  const about = [
    ['orders', 'orderOf'],
    ['shipping', 'shipmentOf'],
  ] as const;
  const found = await Promise.all(
    about.map(([context, question]) => writeSide.well.bus.ask(context, question, { orderId })),
  );
  return (found as { status: string }[]).map(({ status }) => status);
};

it('a dispatch that is cut off once its order is marked is recorded by another process', async () => {
  const orderId = await paidOrder();
  const dying = writeSide.start({ mostAppends: 2 });
  const outcome = changeStatus(dying.bus, { orderId, status: 'PAID', cancelling: false }, 'SHIPPED', newCommand);
  await dying.died;
  expect(await standingOf(orderId)).toEqual(['SHIPPED', 'DISPATCHING']);

  const sweeper = writeSide.start({ sweeps: true });
  await eventually(async () => (await standingOf(orderId)).includes('DISPATCHED'));
  await sweeper.dispose();
  dying.wake();
  expect(await outcome).toMatchObject({ streamId: `shipment-${orderId}` });
  expect(await standingOf(orderId)).toEqual(['SHIPPED', 'DISPATCHED']);
  await dying.dispose();
});
