import { randomUUID } from 'node:crypto';
import type { Random } from '../event-store-server/faults/random.js';

/** An event that is to be appended to a stream. */
export type Draft = Readonly<{
  stream: string;
  type: string;
  data: Readonly<Record<string, unknown>>;
  version?: number;
  /** What of it is sealed. */
  personal?: Readonly<{ subject: string; fields: readonly string[] }>;
}>;

/** So many histories go on at the same time: their events lie between each other's. */
const underWay = 40;

/** Gives one event after another, for ever: of many streams, of all categories that views read. */
export const createTraffic = (random: Random): (() => Draft) => {
  const shop: Shop = { random, products: [], users: [] };
  const histories: Draft[][] = [ofProduct(shop), ofUser(shop)];
  const kinds = [ofProduct, ofStock, ofUser, ofCart, ofCart, ofOrder, ofOrder, ofOrder];
  return () => {
    while (histories.length < underWay) histories.push(random.oneOf(kinds)(shop));
    const index = random.between(0, histories.length - 1);
    const history = histories[index] ?? [];
    const [draft] = history.splice(0, 1);
    if (history.length === 0) histories.splice(index, 1);
    return draft as Draft;
  };
};

type Shop = Readonly<{ random: Random; products: string[]; users: string[] }>;

const ofProduct = ({ products, random }: Shop): Draft[] => {
  const [productId, categoryId, claimId] = [randomUUID(), randomUUID(), randomUUID()];
  products.push(productId);
  const stream = `product-${productId}`;
  const description = {
    productId,
    sku: claimId,
    name: `Mug ${random.between(1, 99)}`,
    description: '',
    categories: [],
  };
  const price = (): object => ({ amount: random.between(100, 9_999), currency: 'EUR' });
  const changed = { ...description, previousSku: null, claimId, previousClaimId: null, categories: [categoryId] };
  return [
    { stream: `category-${categoryId}`, type: 'CategoryAdded', data: { categoryId, name: 'Mugs', parentId: null } },
    { stream, type: 'ProductAdded', data: { ...description, price: price() } },
    received(productId, 100),
    { stream: `category-${categoryId}`, type: 'CategoryRenamed', data: { categoryId, name: 'Cups' } },
    { stream, type: 'PriceChanged', data: { productId, claimId, price: price() }, version: 2 },
    { stream, type: 'ProductChanged', data: changed, version: 2 },
    ...(random.between(1, 4) === 1 ? [{ stream, type: 'ProductDiscontinued', data: { productId } }] : []),
  ];
};

const received = (productId: string, quantity: number): Draft => ({
  stream: `stock-${productId}`,
  type: 'StockReceived',
  data: { productId, quantity, reference: null },
});

const ofStock = ({ products, random }: Shop): Draft[] => {
  const productId = random.oneOf(products);
  const delta = random.between(-5, 5);
  const data = { productId, delta, reason: 'count' };
  return [{ stream: `stock-${productId}`, type: 'StockAdjusted', data }, received(productId, random.between(1, 9))];
};

const ofUser = ({ users, random }: Shop): Draft[] => {
  const userId = randomUUID();
  users.push(userId);
  const stream = `user-${userId}`;
  const personal = { subject: 'userId', fields: ['email', 'name', 'phone'] };
  const person = { userId, email: `${userId}@example.org`, name: 'Ada', phone: null, emailHash: userId };
  const changed = { ...person, name: 'Ada L.', previousEmailHash: null, claimId: userId, previousClaimId: null };
  return [
    { stream, type: 'UserRegistered', data: { ...person, roles: ['customer'] }, version: 2, personal },
    { stream, type: 'UserProfileChanged', data: changed, personal },
    { stream, type: 'UserRolesChanged', data: { userId, roles: ['customer', 'staff'] } },
    ...(random.between(1, 8) === 1 ? [{ stream, type: 'UserErased', data: { userId } }] : []),
  ];
};

const ofCart = ({ products, users, random }: Shop): Draft[] => {
  const [userId, productId, other] = [random.oneOf(users), random.oneOf(products), random.oneOf(products)];
  const stream = `cart-${userId}`;
  const set = (of: string, quantity: number): Draft => ({
    stream,
    type: 'CartItemSet',
    data: { userId, productId: of, quantity },
  });
  return [
    set(productId, random.between(1, 9)),
    set(other, 1),
    set(productId, random.between(1, 9)),
    { stream, type: 'CartItemRemoved', data: { userId, productId: other } },
  ];
};

const ofOrder = ({ products, users, random }: Shop): Draft[] => {
  const [orderId, productId] = [randomUUID(), random.oneOf(products)];
  const owned = { orderId, userId: random.oneOf(users) };
  const quantity = random.between(1, 5);
  const line = { productId, sku: 'SKU', name: 'Mug', quantity, unitPrice: { amount: 950, currency: 'EUR' } };
  const [lines, total] = [[line], { amount: 950 * quantity, currency: 'EUR' }];
  const placed = { ...owned, lines, total, address: null, paymentMethod: 'pm_ok', fromCart: false };
  const order = (type: string, data: object = {}, version = 1): Draft => ({
    stream: `order-${orderId}`,
    type,
    data: { ...owned, ...data },
    version,
  });
  const payment = (type: string, data: object): Draft => ({
    stream: `payment-${orderId}`,
    type,
    data: { ...owned, ...data },
  });
  const stock = (type: string): Draft => ({
    stream: `stock-${productId}`,
    type,
    data: { productId, orderId, quantity },
  });
  const begun = [
    order('OrderPlaced', placed, 2),
    stock('StockReserved'),
    payment('AuthorisationRequested', { attempt: 1, amount: total, method: 'pm_ok' }),
  ];
  if (random.between(1, 5) === 1)
    return [
      ...begun,
      payment('PaymentDeclined', { attempt: 1, code: 'declined' }),
      stock('ReservationReleased'),
      order('OrderRejected', { reason: 'payment_declined' }),
    ];
  const [reference, notificationId] = [orderId, randomUUID()];
  const told = { notificationId, userId: owned.userId };
  const request = { ...told, cause: orderId, channel: 'email', template: 'paid', orderId, facts: {} };
  return [
    ...begun,
    payment('PaymentAuthorised', { attempt: 1, reference, amount: total }),
    payment('PaymentCaptured', { reference, amount: total }),
    stock('ReservationCommitted'),
    order('OrderPaid', { paymentId: orderId, lines, total }),
    { stream: `notification-${notificationId}`, type: 'NotificationRequested', data: request },
    { stream: `notification-${notificationId}`, type: 'NotificationSent', data: { ...told, reference } },
    { stream: `shipment-${orderId}`, type: 'ShipmentCreated', data: { ...owned, lines, address: null } },
    order('OrderShipped'),
    payment('PaymentRefunded', { refundId: orderId, reference, amount: { amount: 950, currency: 'EUR' } }),
  ];
};
