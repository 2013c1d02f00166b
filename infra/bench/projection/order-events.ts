import { randomUUID } from 'node:crypto';
import type { EventStore, ExpectedRevision } from '../../event-store/event-store.js';
import type { NewEvent } from '../../event-store/stored-event.js';

/** What is appended at once: events of one stream. */
export type OrderAppend = Readonly<{ stream: string; events: readonly NewEvent[]; expected: ExpectedRevision }>;

/** Events of one order, from its placing to its payment. */
export const eventsPerOrder = 5;

/** Orders that are under way at the same time: their events lie between each other's. */
const underWay = 500;

/**
 * The appends of a number of orders, always the same but for the ids of events, in groups: those of a group may be made
 * in any order, and before those of the next.
 */
export function* appendsOf(orders: number): Generator<readonly OrderAppend[]> {
  for (let first = 0; first < orders; first += underWay) {
    const numbers = Array.from({ length: Math.min(underWay, orders - first) }, (_, index) => first + index);
    yield numbers.map(placed);
    yield numbers.map(charged);
    yield numbers.map(paid);
  }
}

/** Makes the appends, `callers` at a time. */
export const inGroups = async (
  orders: number,
  callers: number,
  append: (one: OrderAppend) => Promise<unknown>,
): Promise<void> => {
  for (const group of appendsOf(orders)) {
    let next = 0;
    const call = async () => {
      for (let one = group[next++]; one !== undefined; one = group[next++]) await append(one);
    };
    await Promise.all(Array.from({ length: callers }, call));
  }
};

/** Appends the orders. Gives the position of the last event. */
export const appendOrders = async (eventStore: EventStore, orders: number): Promise<bigint> => {
  await inGroups(orders, 32, ({ stream, events, expected }) => eventStore.append(stream, events, expected));
  const head = await eventStore.head();
  if (!head) throw new Error('Nothing was appended');
  return head.commit;
};

export const orderIdOf = (order: number): string => `0193e1a0-7c44-7aaa-8000-${String(order).padStart(12, '0')}`;

/** The append that places an order. */
export const placed = (order: number): OrderAppend => {
  const owned = ownedBy(order);
  const data = {
    ...owned,
    lines: linesOf(order),
    total: totalOf(order),
    address: null,
    paymentMethod,
    fromCart: false,
  };
  return { stream: `order-${owned.orderId}`, events: [event('OrderPlaced', data, order, 2)], expected: 'no_stream' };
};

const charged = (order: number): OrderAppend => {
  const [owned, amount] = [ownedBy(order), totalOf(order)];
  const reference = `pay_${owned.orderId}`;
  const events = [
    event('AuthorisationRequested', { ...owned, attempt: 1, amount, method: paymentMethod }, order),
    event('PaymentAuthorised', { ...owned, attempt: 1, reference, amount }, order),
    event('PaymentCaptured', { ...owned, reference, amount }, order),
  ];
  return { stream: `payment-${owned.orderId}`, events, expected: 'no_stream' };
};

const paid = (order: number): OrderAppend => {
  const owned = ownedBy(order);
  const data = { ...owned, paymentId: owned.orderId, lines: linesOf(order), total: totalOf(order) };
  return { stream: `order-${owned.orderId}`, events: [event('OrderPaid', data, order)], expected: 0 };
};

const paymentMethod = 'pm_ok';

const ownedBy = (order: number) => ({
  orderId: orderIdOf(order),
  userId: `0193e1a0-7c44-7bbb-8000-${String(order % 997).padStart(12, '0')}`,
});

const linesOf = (order: number) => [
  {
    productId: `0193e1a0-7c44-7ccc-8000-${String(order % 89).padStart(12, '0')}`,
    sku: `SKU-${order % 89}`,
    name: `A product of some name, ${order % 89}`,
    quantity: 1 + (order % 3),
    unitPrice: { amount: 1_999, currency: 'EUR' },
  },
];

const totalOf = (order: number) => ({ amount: 1_999 * (1 + (order % 3)), currency: 'EUR' });

const event = (type: string, data: NewEvent['data'], order: number, schemaVersion = 1): NewEvent => ({
  id: randomUUID(),
  type,
  data,
  metadata: {
    $correlationId: orderIdOf(order),
    $causationId: randomUUID(),
    commandId: randomUUID(),
    actor: ownedBy(order).userId,
    at: new Date(Date.UTC(2030, 0, 1) + order * 1_000).toISOString(),
    schemaVersion,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  },
});
