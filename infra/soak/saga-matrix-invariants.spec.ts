import { invariantsOf, type SeenCharge, type SeenEvent, type SeenOrder } from './saga-matrix-invariants.js';

const orderId = 'o1';
const event = (type: string, data: object = {}, actor = '(saga)'): SeenEvent => ({
  ...{ type, metadata: { actor } },
  data: { orderId, quantity: 1, amount: { amount: 250 }, total: { amount: 250 }, ...data },
});
const events = (...types: readonly string[]) => types.map((type) => event(type));
const charge = (parts: Partial<SeenCharge> = {}): SeenCharge => ({
  amount: 250,
  voided: false,
  captures: [],
  ...parts,
});
const captured = (...refunds: readonly number[]): SeenCharge =>
  charge({ captures: [{ amount: 250, refunds: refunds.map((amount) => ({ amount })) }] });

const delivered: SeenOrder = {
  orderId,
  isWaiting: false,
  order: events('OrderPlaced', 'OrderPaid', 'OrderShipped', 'OrderDelivered'),
  payment: events('PaymentAuthorised', 'PaymentCaptured'),
  shipment: events('ShipmentCreated', 'ShipmentDelivered'),
  stocks: [events('StockReceived', 'StockReserved', 'ReservationCommitted')],
  charges: [captured()],
};
const cancelled: SeenOrder = {
  ...delivered,
  order: events('OrderPlaced', 'OrderPaid', 'OrderCancelled'),
  payment: events('PaymentAuthorised', 'PaymentCaptured', 'RefundRequested', 'PaymentRefunded'),
  shipment: events('ShipmentCreated', 'ShipmentReturned'),
  stocks: [events('StockReceived', 'StockReserved', 'ReservationCommitted', 'StockReturned')],
  charges: [captured(250)],
};
const rejected: SeenOrder = {
  ...delivered,
  order: events('OrderPlaced', 'OrderRejected'),
  payment: events('PaymentAuthorised', 'PaymentVoided'),
  shipment: [],
  stocks: [events('StockReceived', 'StockReserved', 'ReservationReleased')],
  charges: [charge({ voided: true })],
};
const refundedByStaff: SeenOrder = {
  ...delivered,
  payment: [
    ...delivered.payment,
    event('RefundRequested', { refundId: 'r1', amount: { amount: 100 } }, 'staff'),
    event('PaymentRefunded', { refundId: 'r1', amount: { amount: 100 } }),
  ],
  charges: [captured(100)],
};
const pending: SeenOrder = {
  ...rejected,
  ...{ order: events('OrderPlaced'), stocks: [], payment: [], charges: [], isWaiting: true },
};

it.each<[string, SeenOrder]>([
  ['delivered', delivered],
  ['cancelled', cancelled],
  ['rejected', rejected],
  ['delivered, with a refund of staff', refundedByStaff],
  ['waiting', pending],
])('nothing is wrong with an order that is %s', (_case, seen) => expect(invariantsOf(seen)).toEqual([]));

it.each<[string, SeenOrder, Partial<SeenOrder>]>([
  ['neither ends nor waits', pending, { isWaiting: false }],
  ['was rejected and cancelled', rejected, { order: events('OrderPlaced', 'OrderRejected', 'OrderCancelled') }],
  ['has a reservation', rejected, { stocks: [events('StockReceived', 'StockReserved')] }],
  ['0 are on hand and 1 reserved', rejected, { stocks: [events('StockReserved', 'ReservationReleased')] }],
  ['closed 2 times', rejected, { stocks: [[...(rejected.stocks[0] ?? []), event('ReservationReleased')]] }],
  ['keeps its goods', cancelled, { stocks: delivered.stocks }],
  ['returned 2 times', cancelled, { stocks: [[...(cancelled.stocks[0] ?? []), event('StockReturned')]] }],
  ['its goods were not taken', delivered, { stocks: rejected.stocks }],
  ['it is CANCELLED and 250 are kept instead of 0', cancelled, { charges: [captured()] }],
  ['it is DELIVERED and 150 are kept instead of 250', delivered, { charges: [captured(100)] }],
  ['refunded: 0 at the provider, 250 in the stream', cancelled, { charges: [captured()] }],
  ['has 2 charges', delivered, { charges: [captured(), charge()] }],
  ['it is REJECTED and has a charge', rejected, { charges: [charge()] }],
  ['more was refunded than captured', cancelled, { charges: [captured(250, 250)] }],
  ['it is CANCELLED and has a shipment', cancelled, { shipment: events('ShipmentCreated') }],
  ['came back 2 times', cancelled, { shipment: [...cancelled.shipment, event('ShipmentReturned')] }],
])('an order is found that %s', (wrong, seen, change) =>
  expect(invariantsOf({ ...seen, ...change })).toContainEqual(expect.stringContaining(wrong)),
);
