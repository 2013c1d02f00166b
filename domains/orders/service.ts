import { DomainError } from '../shared/errors.js';
import type { Money } from '../shared/money.js';
import type { Aggregate, CommandDefinition, QuestionDefinition, Service } from '../shared/service.js';
import {
  parseMarkOrderPaid,
  parseOrderQuestion,
  parsePlaceOrder,
  parseRejectOrder,
  type MarkOrderPaid,
  type OrderCommand,
  type OrderRequest,
  type RejectOrder,
} from './commands.js';
import { orderEvents, type OrderEvent, type OrderLine } from './events.js';
import { order, type Order } from './order.js';
import { orderUpcasters } from './upcasters.js';

const orderAggregate: Aggregate<Order, OrderCommand, OrderEvent> = {
  category: 'order',
  decider: order,
  events: orderEvents,
  upcasters: orderUpcasters,
};

type Offer = Readonly<{ productId: string; sku: string; name: string; price: Money }>;

/** The buyer and the prices of the time enter through the command. */
const placeOrder: CommandDefinition<OrderRequest> = {
  parse: parsePlaceOrder,
  asks: ({ userId, items }) => ({
    buyerIsActive: { context: 'users', question: 'isActive', data: { userId } },
    offers: {
      context: 'catalog',
      question: 'pricesOf',
      data: { productIds: items.map(({ productId }) => productId) },
    },
  }),
  steps: ({ items, shippingAddress, ...request }, { buyerIsActive, offers }) => {
    if (!buyerIsActive) throw new DomainError('order.unknown_user', `There is no user ${request.userId}`);
    const lines = priced(items, offers as readonly (Offer | null)[]);
    const { orderId, userId, paymentMethod } = request;
    const data = { orderId, userId, lines, address: shippingAddress, paymentMethod };
    return [{ aggregate: orderAggregate, id: orderId, command: { type: 'PlaceOrder', data } }];
  },
  answer: (state: Order) => {
    if (state.status === 'NONE') return null;
    const { orderId, userId, lines, total } = state;
    return { id: orderId, userId, items: lines, total, status: 'PENDING' };
  },
};

/** One line per product, however often it is named. */
const priced = (items: OrderRequest['items'], offers: readonly (Offer | null)[]): readonly OrderLine[] => {
  const lines = new Map<string, OrderLine>();
  items.forEach(({ productId, quantity }, index) => {
    const offer = offers[index];
    if (!offer) throw new DomainError('order.unknown_product', `Product ${productId} is not sold`);
    const { sku, name, price } = offer;
    const before = lines.get(productId)?.quantity ?? 0;
    lines.set(productId, { productId, sku, name, quantity: before + quantity, unitPrice: price });
  });
  return [...lines.values()];
};

const forOrder = <Data extends { orderId: string }>(
  type: OrderCommand['type'],
  parse: (data: unknown) => Data,
): CommandDefinition<Data> => ({
  parse,
  steps: (data) => [{ aggregate: orderAggregate, id: data.orderId, command: { type, data } }],
});

/** What the saga needs to begin; `null` where there is no such order. */
const fulfilmentOf: QuestionDefinition<{ orderId: string }> = {
  parse: parseOrderQuestion,
  reads: ({ orderId }) => [{ aggregate: orderAggregate, id: orderId }],
  answer: ([found]: readonly Order[]) => {
    if (!found || found.status === 'NONE') return null;
    const { status, userId, lines, total, paymentMethod } = found;
    return {
      status,
      userId,
      lines: lines.map(({ productId, quantity }) => ({ productId, quantity })),
      total,
      paymentMethod,
    };
  },
};

export const orders: Service = {
  context: 'orders',
  aggregates: [orderAggregate],
  commands: {
    PlaceOrder: placeOrder,
    MarkOrderPaid: forOrder<MarkOrderPaid['data']>('MarkOrderPaid', parseMarkOrderPaid),
    RejectOrder: forOrder<RejectOrder['data']>('RejectOrder', parseRejectOrder),
  },
  questions: { fulfilmentOf },
  policies: [],
};
