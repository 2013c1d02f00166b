import { v4 as randomId } from 'uuid';
import { eventually } from '../e2e/testing/eventually.js';
import type { MortalProcess } from '../e2e/testing/mortal-process.js';
import { newCommand, startWriteSide, type WriteSide } from '../e2e/testing/write-side.js';
import { shippingAddress } from '../http/testing/client.js';
import { checkOut } from './checkout.js';

let writeSide: WriteSide;

beforeAll(async () => {
  writeSide = await startWriteSide();
});
afterAll(() => writeSide.stop());

/** A customer with two pieces of a product in the cart, who is about to check out. */
const aboutToCheckOut = async () => {
  const [userId, productId, orderId] = [randomId(), randomId(), randomId()];
  const person = { email: `${userId}@example.org`, emailHash: userId, name: 'Ada', phone: null, roles: ['customer'] };
  await writeSide.send('users', 'RegisterUser', { userId, ...person });
  const mug = { sku: productId, name: 'Mug', description: '', price: { amount: 950, currency: 'EUR' }, categories: [] };
  await writeSide.send('catalog', 'AddProduct', { productId, ...mug });
  await writeSide.send('carts', 'SetCartItem', { userId, productId, quantity: 2 });
  const request = { userId, orderId, paymentMethod: 'pm_ok', shippingAddress };
  return {
    productId,
    checkOutBy: ({ bus }: MortalProcess) => checkOut(bus, request, newCommand).catch((error: unknown) => error),
    discontinue: () => writeSide.send('catalog', 'DiscontinueProduct', { productId }),
    items: async () =>
      ((await writeSide.well.bus.ask('carts', 'cartOf', { userId })) as { items: readonly object[] }).items,
    order: () => writeSide.well.bus.ask('orders', 'orderOf', { orderId }),
    typesOfOrder: () => writeSide.typesOf(`order-${orderId}`),
    typesOfCart: () => writeSide.typesOf(`cart-${userId}`),
  };
};

describe('a checkout whose placing is about to be appended when its product is discontinued', () => {
  /** Whoever was about to place the order, and the customer. */
  const interrupted = async () => {
    const customer = await aboutToCheckOut();
    const slow = writeSide.start({ mostAppends: 1 });
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
    expect(await customer.checkOutBy(writeSide.well)).toMatchObject({ code: 'order.unknown_product' });
    await expectPutBack(customer);
  });

  it('is not placed once the policy has put its lines back', async () => {
    const customer = await interrupted();
    const sweeper = writeSide.start({ sweeps: true });
    await eventually(async () => (await customer.items()).length > 0);
    await sweeper.dispose();
    await expectPutBack(customer);
  });
});

it('a checkout that has become an order is settled, so that others may follow without end', async () => {
  const customer = await aboutToCheckOut();
  await customer.checkOutBy(writeSide.well);
  const sweeper = writeSide.start({ sweeps: true });
  await eventually(async () => (await customer.typesOfCart()).includes('CheckoutCompleted'));
  await sweeper.dispose();
  expect(await customer.typesOfCart()).toEqual(['CartItemSet', 'CartCheckedOut', 'CheckoutCompleted']);
});

describe('a checkout that is refused and cut off', () => {
  it('has its lines put back by another process', async () => {
    const customer = await aboutToCheckOut();
    const first = writeSide.start({ mostAppends: 1 });
    void customer.checkOutBy(first);
    await first.died;
    await customer.discontinue();
    const second = writeSide.start({ mostAppends: 1 });
    void customer.checkOutBy(second);
    await second.died;
    expect(await customer.typesOfOrder()).toEqual(['PlacementAbandoned']);
    expect(await customer.items()).toEqual([]);
    const sweeper = writeSide.start({ sweeps: true });
    await eventually(async () => (await customer.items()).length > 0);
    await sweeper.dispose();
    await Promise.all([first.dispose(), second.dispose()]);
  });
});
