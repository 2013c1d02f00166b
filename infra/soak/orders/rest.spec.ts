import type { RecordedEvent, Records } from './records.js';
import { underWay, type Seen } from './rest.js';

const recordsOf = (types: readonly string[], payment: readonly [string, string][] = []): Records => {
  const event = (type: string, data: object = {}) => ({ type, data }) as RecordedEvent;
  return {
    order: new Map([['o', types.map((type) => event(type))]]),
    payment: new Map([['o', payment.map(([type, refundId]) => event(type, { refundId }))]]),
    shipment: new Map(),
    stock: new Map(),
  };
};

const seen = (status: string, statusReason: string | null, saga: [string, string], others: string[] = []): Seen => ({
  views: new Map([['o', { status, statusReason }]]),
  workflows: new Map([
    ['order-o', { execution: saga[0], status: saga[1] }],
    ...others.map((id) => [id, { execution: 'RUNNING', status: 'running' }] as const),
  ]),
});

const completed: [string, string] = ['COMPLETED', 'fulfilled'];
const [placed, paid] = ['OrderPlaced', 'OrderPaid'];

describe('orders', () => {
  it.each<[string, string[], Seen]>([
    ['that wait for their dispatch', [placed, paid], seen('PAID', null, ['RUNNING', 'waiting_for_dispatch'])],
    [
      'that wait for their delivery',
      [placed, paid, 'OrderShipped'],
      seen('SHIPPED', null, ['RUNNING', 'waiting_for_delivery']),
    ],
    ['that were rejected', [placed, 'OrderRejected'], seen('REJECTED', 'out_of_stock', completed)],
    [
      'that came back',
      [placed, paid, 'OrderShipped', 'OrderDelivered', 'ReturnRequested', 'OrderReturned'],
      seen('RETURNED', null, completed),
    ],
  ])('%s are at rest', (_, types, look) => expect(underWay(recordsOf(types), look)).toEqual([]));

  it.each<[string, string[], Seen]>([
    ['a pending one', [placed], seen('PENDING', null, ['COMPLETED', 'fulfilled'])],
    ['one whose saga is gone', [placed, paid], seen('PAID', null, completed)],
    ['one that nobody sees waiting', [placed, paid], seen('PAID', null, ['RUNNING', 'needs_attention'])],
    ['one whose saga goes on', [placed, 'OrderCancelled'], seen('CANCELLED', 'staff', ['RUNNING', 'compensating'])],
    ['one whose view is behind', [placed, 'OrderCancelled'], seen('PENDING', null, completed)],
    ['one that says not why', [placed, 'OrderCancelled'], seen('CANCELLED', null, completed)],
    [
      'one that is to come back',
      [placed, paid, 'OrderShipped', 'OrderDelivered', 'ReturnRequested'],
      seen('DELIVERED', null, completed),
    ],
    [
      'one whose refund goes on',
      [placed, paid],
      seen('PAID', null, ['RUNNING', 'waiting_for_dispatch'], ['payment-refund-r']),
    ],
  ])('%s is not', (_, types, look) => expect(underWay(recordsOf(types), look)).toHaveLength(1));

  it('with a refund without an outcome are not', () => {
    const look = seen('PAID', null, ['RUNNING', 'waiting_for_dispatch']);
    const requested: [string, string] = ['RefundRequested', 'r'];
    expect(underWay(recordsOf([placed, paid], [requested]), look)).toHaveLength(1);
    expect(underWay(recordsOf([placed, paid], [requested, ['PaymentRefunded', 'r']]), look)).toEqual([]);
  });
});
