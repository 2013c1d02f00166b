import type { OrderEvent } from '../../domains/orders/events.js';
import type { PaymentEvent } from '../../domains/payments/events.js';
import type { ShipmentEvent } from '../../domains/shipping/events.js';
import { hour, rowAfterFor } from '../shared/testing/rows.js';
import { orders } from './projection.js';

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const owned = { orderId: 'o1', userId: 'u1' };
const address = { name: 'Ada Lovelace', street: 'Long Street 1', city: 'London', postalCode: 'N1', country: 'GB' };
const placed: OrderEvent = {
  type: 'OrderPlaced',
  data: { ...owned, lines: [], total: eur(900), address: null, paymentMethod: 'pm_ok', fromCart: false },
};
const paid: OrderEvent = { type: 'OrderPaid', data: { ...owned, paymentId: 'o1', lines: [], total: eur(900) } };
const asked: PaymentEvent = {
  type: 'AuthorisationRequested',
  data: { ...owned, attempt: 1, amount: eur(900), method: 'pm_ok' },
};
const created: ShipmentEvent = { type: 'ShipmentCreated', data: { ...owned, lines: [], address } };
const started: ShipmentEvent = { type: 'DispatchStarted', data: owned };
const dispatched: ShipmentEvent = {
  type: 'ShipmentDispatched',
  data: { ...owned, carrier: 'Swift', trackingNumber: 'T-1' },
};
const tracked = (status: string, at: string): ShipmentEvent => ({
  type: 'TrackingUpdated',
  data: { ...owned, status, location: 'Ulm', note: null, at },
});
const delivered: ShipmentEvent = { type: 'ShipmentDelivered', data: owned };
const returned: ShipmentEvent = { type: 'ShipmentReturned', data: { ...owned, wasDispatched: true } };

const ofShipment = /^(Shipment|Dispatch|Tracking)/;
const rowAfter = rowAfterFor(orders, ({ type }) => {
  if (ofShipment.test(type)) return 'shipment-o1';
  return type === asked.type ? 'payment-o1' : 'order-o1';
});

describe('the shipment of an order', () => {
  it('is none before it is made', () => expect(rowAfter(placed, paid)).toMatchObject({ shipment: null }));

  it.each<[string, ShipmentEvent[]]>([
    ['CREATED', [created]],
    ['DISPATCHING', [created, started]],
    ['DISPATCHED', [created, started, dispatched]],
    ['DELIVERED', [created, started, dispatched, delivered]],
    ['RETURNED', [created, started, dispatched, delivered, returned]],
  ])('is %s', (status, events) =>
    expect(rowAfter(placed, paid, ...events)).toMatchObject({
      status: 'PAID',
      shipment: { status },
      version: 1,
      updatedAt: hour(events.length + 1),
    }),
  );

  it('has what the carrier told, in the order in which it was told', () =>
    expect(
      rowAfter(placed, paid, created, started, dispatched, tracked('IN_TRANSIT', hour(9)), tracked('DELAYED', hour(8)))
        ?.shipment,
    ).toEqual({
      status: 'DISPATCHED',
      carrier: 'Swift',
      trackingNumber: 'T-1',
      tracking: [
        { at: hour(9), status: 'IN_TRANSIT', location: 'Ulm', note: null },
        { at: hour(8), status: 'DELAYED', location: 'Ulm', note: null },
      ],
    }));

  it('names nobody, nor where it goes', () =>
    expect(JSON.stringify(rowAfter(placed, created))).not.toMatch(/Lovelace|Long Street/));

  it('is not made by anything else', () => {
    expect(rowAfter(placed, started, dispatched, delivered)).toEqual(rowAfter(placed));
    expect(rowAfter(created, started)).toBeUndefined();
  });
});

describe('whoever listens to an order', () => {
  const told = (event: OrderEvent | ShipmentEvent, ...before: (OrderEvent | PaymentEvent | ShipmentEvent)[]) =>
    orders.change?.({ ...event, streamId: 's', revision: 9, at: hour(9) }, rowAfter(...before, event) ?? null);

  it('is told of each change, by the event, and nothing personal', () =>
    expect(told(dispatched, placed, asked, paid, created, started)).toEqual({
      type: 'ShipmentDispatched',
      userId: 'u1',
      status: 'PAID',
      statusReason: null,
      payment: { status: 'PENDING', method: 'pm_ok' },
      shipment: { status: 'DISPATCHED', trackingNumber: 'T-1' },
      version: 1,
      updatedAt: hour(5),
    }));

  it('is told of what is not there yet as such', () =>
    expect(told(placed)).toMatchObject({ type: 'OrderPlaced', status: 'PENDING', payment: null, shipment: null }));

  it('is told whose order it is also where nothing of it is shown', () =>
    expect(told(started)).toEqual({ type: 'DispatchStarted', userId: 'u1' }));
});
