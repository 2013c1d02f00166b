import type { Decider } from '../shared/decider.js';
import { DomainError } from '../shared/errors.js';
import { add, times, type Money } from '../shared/money.js';
import type { OrderCommand } from './commands.js';
import type { OrderEvent, OrderLine } from './events.js';

type Placement = Readonly<{
  orderId: string;
  userId: string;
  lines: readonly OrderLine[];
  total: Money;
  paymentMethod: string;
}>;

export type Order =
  | Readonly<{ status: 'NONE' }>
  | (Placement & Readonly<{ status: 'PENDING' }>)
  | (Placement & Readonly<{ status: 'PAID'; paymentId: string }>)
  | (Placement & Readonly<{ status: 'REJECTED'; reason: string }>);

const decide = ({ type, data }: OrderCommand, order: Order): readonly OrderEvent[] => {
  if (type === 'PlaceOrder') {
    if (order.status !== 'NONE') throw illegal(type, order);
    if (data.lines.length === 0) throw new DomainError('order.empty', 'An order needs at least one line');
    return [{ type: 'OrderPlaced', data: { ...data, total: totalOf(data.lines) } }];
  }
  if (order.status === 'NONE') throw new DomainError('order.not_found', `There is no order ${data.orderId}`);
  const { orderId, userId, lines, total } = order;
  switch (type) {
    case 'MarkOrderPaid':
      if (order.status === 'PAID' && order.paymentId === data.paymentId) return [];
      if (order.status !== 'PENDING') throw illegal(type, order);
      return [{ type: 'OrderPaid', data: { orderId, userId, paymentId: data.paymentId, lines, total } }];
    case 'RejectOrder':
      if (order.status === 'REJECTED' && order.reason === data.reason) return [];
      if (order.status !== 'PENDING') throw illegal(type, order);
      return [{ type: 'OrderRejected', data: { orderId, userId, reason: data.reason } }];
  }
};

const evolve = (order: Order, { type, data }: OrderEvent): Order => {
  if (type === 'OrderPlaced') {
    const { address, ...placement } = data;
    return { status: 'PENDING', ...placement };
  }
  if (order.status === 'NONE') return order;
  const { orderId, userId, lines, total, paymentMethod } = order;
  const placement = { orderId, userId, lines, total, paymentMethod };
  switch (type) {
    case 'OrderPaid':
      return { ...placement, status: 'PAID', paymentId: data.paymentId };
    case 'OrderRejected':
      return { ...placement, status: 'REJECTED', reason: data.reason };
  }
};

const totalOf = (lines: readonly OrderLine[]) => lines.map((line) => times(line.unitPrice, line.quantity)).reduce(add);

const illegal = (command: string, { status }: Order) =>
  new DomainError('order.illegal_transition', `${command} is not possible while the order is ${status}`);

export const order: Decider<Order, OrderCommand, OrderEvent> = { initial: { status: 'NONE' }, decide, evolve };
