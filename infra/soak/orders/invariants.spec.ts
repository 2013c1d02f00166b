import type { Account } from './invariants.js';
import { invariants } from './invariants.js';
import type { RecordedEvent, Records } from './records.js';
import { staffReason } from './stories.js';

const lines = [{ productId: 'p', quantity: 2 }];
const placed = { type: 'OrderPlaced', data: { lines, total: { amount: 500 } } };
const [paid, cancelled] = [{ type: 'OrderPaid' }, { type: 'OrderCancelled' }];
const received = { type: 'StockReceived', data: { quantity: 9 } };
const stock = (type: string) => ({ type, data: { orderId: 'o', quantity: 2 } });
const reference = (type: string, name: string, more: object = {}) => ({ type, data: { reference: name, ...more } });
const refunds = (refundId: string, reason: string, amount: number) => [
  { type: 'RefundRequested', data: { refundId, reason } },
  reference('PaymentRefunded', `ref-${refundId}`, { refundId, amount: { amount } }),
];
const captured = [
  reference('PaymentAuthorised', 'auth', { amount: { amount: 500 } }),
  reference('PaymentCaptured', 'cap', { amount: { amount: 500 } }),
];

type Told = Readonly<{ type: string; data?: object }>;
type Streams = Readonly<Partial<Record<keyof Records, readonly Told[]>>>;

const kept: Streams = {
  order: [placed, paid],
  payment: captured,
  shipment: [{ type: 'ShipmentCreated' }],
  stock: [received, stock('StockReserved'), stock('ReservationCommitted')],
};
const undone: Streams = {
  order: [placed, paid, cancelled],
  payment: [...captured, ...refunds('r', 'not_fulfilled', 500)],
  shipment: [{ type: 'ShipmentCreated' }, { type: 'ShipmentReturned' }],
  stock: [received, stock('StockReserved'), stock('ReservationCommitted'), stock('StockReturned')],
};

const charge = (...given: readonly [reference: string, amount: number][]): Account => ({
  ...{ authorised: 500, captured: 500, voided: 0, currency: 'EUR' },
  refunded: given.reduce((sum, [, amount]) => sum + amount, 0),
  charges: [
    {
      ...{ reference: 'auth', orderId: 'o', amount: 500, currency: 'EUR', method: 'pm_ok', voided: false },
      captures: [
        { reference: 'cap', amount: 500, refunds: given.map(([name, amount]) => ({ reference: name, amount })) },
      ],
    },
  ],
});

/** The invariants that are broken. */
const broken = (streams: Streams, account: Account): readonly string[] => {
  const stream = (id: string, events: readonly Told[] = []) => [
    [id, events.map(({ type, data = {} }, revision) => ({ type, data, revision }) as RecordedEvent)] as const,
  ];
  const records: Records = {
    order: new Map(stream('o', streams.order)),
    payment: new Map(stream('o', streams.payment)),
    shipment: new Map(stream('o', streams.shipment)),
    stock: new Map(stream('p', streams.stock)),
  };
  const books = { records, accounts: new Map([['o', account]]) };
  return Object.entries(invariants).flatMap(([name, invariant]) => (invariant(books).length > 0 ? [name] : []));
};

const [belowZero, ofOrders, money, oneCharge, provider, once] = Object.keys(invariants);

describe('the invariants', () => {
  it('hold of an order that is kept', () => expect(broken(kept, charge())).toEqual([]));
  it('hold of one that was undone', () => expect(broken(undone, charge(['ref-r', 500]))).toEqual([]));
  it('hold of one that staff gave a part back of', () => {
    const payment = [...captured, ...refunds('s', staffReason, 100)];
    expect(broken({ ...kept, payment }, charge(['ref-s', 100]))).toEqual([]);
  });
  it('hold of one that staff gave all back of before it was undone', () => {
    const payment = [...captured, ...refunds('s', staffReason, 500)];
    expect(broken({ ...undone, payment }, charge(['ref-s', 500]))).toEqual([]);
  });

  it.each<[string, Streams, Account, (string | undefined)[]]>([
    ['stock below zero', { ...kept, stock: kept.stock?.slice(1) ?? [] }, charge(), [belowZero]],
    ['a reservation that nobody let go', { ...kept, stock: kept.stock?.slice(0, 2) ?? [] }, charge(), [ofOrders, once]],
    ['stock that did not come back', { ...undone, stock: kept.stock ?? [] }, charge(['ref-r', 500]), [ofOrders, once]],
    ['money that is kept', { ...undone, payment: captured }, charge(), [money, once]],
    ['a capture that the stream does not know', { ...kept, payment: captured.slice(0, 1) }, charge(), [provider, once]],
    [
      'two refunds of one capture',
      { ...undone, payment: [...(undone.payment ?? []), ...refunds('t', 'not_fulfilled', 500)] },
      charge(['ref-r', 500], ['ref-t', 500]),
      [money, once],
    ],
    ['a shipment that stays', { ...undone, shipment: kept.shipment ?? [] }, charge(['ref-r', 500]), [once]],
    [
      'an order that ends twice',
      { ...undone, order: [placed, paid, cancelled, cancelled] },
      charge(['ref-r', 500]),
      [once],
    ],
    [
      'two charges',
      kept,
      { ...charge(), captured: 1_000, authorised: 1_000, charges: [...charge().charges, ...charge().charges] },
      [money, oneCharge, provider],
    ],
  ])('do not hold of %s', (_, streams, account, expected) => {
    expect(broken(streams, account)).toEqual(expected);
  });
});
