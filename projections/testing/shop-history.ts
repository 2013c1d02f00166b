import { randomUUID } from 'node:crypto';
import { contexts } from '../../domains/contexts.js';
import { facts } from '../../infra/command-handling/testing/process-of-tests.js';
import { createPersonalKeys, type ErasablePersonalKeys } from '../../infra/security/personal-keys.js';
import { createLocalServiceBus } from '../../infra/service-bus/local-service-bus.js';
import type { ReadSide } from '../shared/testing/read-side.js';

/** Tests only. What a customer was about. */
export type Story = Readonly<{ userId: string; productId: string; orderId: string }>;

/** Tests only. A shop whose events the contexts themselves decide. */
export type ShopHistory = Readonly<{
  personalKeys: ErasablePersonalKeys;
  /** Somebody registers, and orders something new, which is paid and sent. */
  sell: () => Promise<Story>;
  /** The order comes back and is refunded; the product costs more, and is not sold any more. */
  takeBack: (story: Story) => Promise<void>;
  /** Erases the person with their key. */
  erase: (userId: string) => Promise<void>;
}>;

export const createShopHistory = ({ eventStore, postgres }: Pick<ReadSide, 'eventStore' | 'postgres'>): ShopHistory => {
  const personalKeys = createPersonalKeys({ postgres, masterKey: 'ab'.repeat(32) });
  const bus = createLocalServiceBus({ services: contexts, eventStore, personalKeys });
  const send = (context: string, type: string, data: object) => bus.send(context, { type, data, ...facts() });

  const sell = async (): Promise<Story> => {
    const [userId, productId, orderId, categoryId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    const person = { email: `${userId}@example.org`, emailHash: userId, name: 'Ada', phone: null, roles: ['customer'] };
    await send('users', 'RegisterUser', { userId, ...person });
    await send('catalog', 'AddCategory', { categoryId, name: 'Cups', parentId: null });
    const mug = { sku: productId, name: 'Mug', description: '', price: { amount: 950, currency: 'EUR' } };
    await send('catalog', 'AddProduct', { productId, ...mug, categories: [categoryId] });
    await send('inventory', 'ReceiveStock', { productId, quantity: 9, reference: null });
    await send('carts', 'SetCartItem', { userId, productId, quantity: 2 });
    const items = [{ productId, quantity: 2 }];
    await send('orders', 'PlaceOrder', { orderId, userId, items, paymentMethod: 'pm_ok', shippingAddress });
    await send('inventory', 'ReserveStock', { productId, orderId, quantity: 2 });
    const amount = { amount: 1_900, currency: 'EUR' };
    await send('payments', 'RequestAuthorisation', { orderId, userId, attempt: 1, amount, method: 'pm_ok' });
    await send('payments', 'RecordAuthorisation', { orderId, attempt: 1, reference: 'r1' });
    await send('payments', 'RequestCapture', { orderId });
    await send('payments', 'RecordCapture', { orderId, reference: 'r2' });
    await send('orders', 'MarkOrderPaid', { orderId, paymentId: orderId });
    await send('inventory', 'CommitReservation', { productId, orderId });
    await send('shipping', 'CreateShipment', { orderId });
    const told = { cause: randomUUID(), channel: 'email', template: 'order-paid', userId, orderId, facts: {} };
    await send('notifications', 'RequestNotification', told);
    return { userId, productId, orderId };
  };

  const takeBack = async ({ userId, productId, orderId }: Story): Promise<void> => {
    await send('shipping', 'StartDispatch', { orderId });
    await send('shipping', 'RecordDispatch', { orderId, carrier: 'Swift', trackingNumber: 'T-1' });
    await send('shipping', 'RecordDelivery', { orderId });
    await send('orders', 'MarkOrderShipped', { orderId });
    await send('orders', 'MarkOrderDelivered', { orderId });
    await send('orders', 'RequestReturn', { orderId, reason: 'broken' });
    await send('payments', 'RequestRefund', { orderId, refundId: 'f1', amount: null, reason: 'broken' });
    await send('payments', 'RecordRefund', { orderId, refundId: 'f1', reference: 'r3' });
    await send('carts', 'RemoveCartItem', { userId, productId });
    await send('catalog', 'DiscontinueProduct', { productId });
    const told = { cause: randomUUID(), channel: 'email', template: 'order-refunded', userId, orderId, facts: {} };
    await send('notifications', 'RequestNotification', told);
  };

  return {
    personalKeys,
    sell,
    takeBack,
    erase: async (userId) => {
      const requestId = randomUUID();
      await send('users', 'RequestErasure', { userId, requestId });
      await send('users', 'EraseUser', { userId, requestId });
      await personalKeys.erase(userId);
    },
  };
};

const shippingAddress = { name: 'Ada', street: '1 Mill Lane', city: 'London', postalCode: 'N1', country: 'GB' };
