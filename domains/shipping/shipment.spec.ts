import { givenFor } from '../shared/testing/given.js';
import type { ShipmentCommand } from './commands.js';
import type { ShipmentEvent } from './events.js';
import { shipment } from './shipment.js';

const given = givenFor(shipment);
const orderId = 'o1';
const owned = { orderId, userId: 'u1' };
const address = { name: 'Ada', street: '1 Mill Lane', city: 'London', postalCode: 'N1', country: 'GB' };
const lines = [{ productId: 'p1', sku: 'P1', name: 'p1', quantity: 2, unitPrice: { amount: 450, currency: 'EUR' } }];
const tracking = { status: 'in_transit', location: 'Linz', note: null, at: '2026-01-01T00:00:00.000Z' };

const create: ShipmentCommand = { type: 'CreateShipment', data: { ...owned, lines, address } };
const start: ShipmentCommand = { type: 'StartDispatch', data: { orderId } };
const dispatch = (carrier: string | null = 'DHL', trackingNumber: string | null = 'T1'): ShipmentCommand => ({
  type: 'RecordDispatch',
  data: { orderId, carrier, trackingNumber },
});
const track: ShipmentCommand = { type: 'UpdateTracking', data: { orderId, ...tracking } };
const deliver: ShipmentCommand = { type: 'RecordDelivery', data: { orderId } };
const giveBack: ShipmentCommand = { type: 'RecordReturn', data: { orderId } };
const cancel: ShipmentCommand = { type: 'CancelShipment', data: { orderId } };

const created: ShipmentEvent = { type: 'ShipmentCreated', data: { ...owned, lines, address } };
const started: ShipmentEvent = { type: 'DispatchStarted', data: owned };
const dispatched: ShipmentEvent = {
  type: 'ShipmentDispatched',
  data: { ...owned, carrier: 'DHL', trackingNumber: 'T1' },
};
const byHand: ShipmentEvent = { type: 'ShipmentDispatched', data: { ...owned, carrier: null, trackingNumber: null } };
const tracked: ShipmentEvent = { type: 'TrackingUpdated', data: { ...owned, ...tracking } };
const delivered: ShipmentEvent = { type: 'ShipmentDelivered', data: owned };
const returned: ShipmentEvent = { type: 'ShipmentReturned', data: { ...owned, wasDispatched: true } };
const shelved: ShipmentEvent = { type: 'ShipmentReturned', data: { ...owned, wasDispatched: false } };

/** How a shipment comes to where it may be. */
const histories: Readonly<Record<string, ShipmentEvent[]>> = {
  CREATED: [created],
  DISPATCHING: [created, started],
  DISPATCHED: [created, started, dispatched],
  DELIVERED: [created, started, dispatched, delivered],
  RETURNED: [created, started, dispatched, delivered, returned],
};
type Case = [string, ShipmentCommand, ShipmentEvent];

describe('a shipment', () => {
  it('is created', () => given().when(create).thenEmits(created));
  it.each([start, dispatch(), track, deliver, giveBack, cancel])('must be created first: $type', (command) =>
    given().when(command).thenRejects('shipment.not_found'),
  );

  it.each<Case>([
    ['CREATED', start, started],
    ['DISPATCHING', dispatch(), dispatched],
    ['DISPATCHING', dispatch(null, null), byHand],
    ['DISPATCHED', track, tracked],
    ['DISPATCHED', deliver, delivered],
    ['DELIVERED', giveBack, returned],
    ['CREATED', cancel, shelved],
    ['DISPATCHING', cancel, shelved],
  ])('that is %s takes $type', (status, command, event) =>
    given(...(histories[status] ?? []))
      .when(command)
      .thenEmits(event),
  );

  it('is tracked each time', () => given(created, started, dispatched, tracked).when(track).thenEmits(tracked));

  it.each<[string, ShipmentCommand]>([
    ...Object.keys(histories).map((status): [string, ShipmentCommand] => [status, create]),
    ['DISPATCHING', start],
    ['DISPATCHED', start],
    ['DISPATCHED', dispatch()],
    ['DELIVERED', deliver],
    ['RETURNED', giveBack],
    ['RETURNED', cancel],
  ])('that is %s ignores a repeat of $type', (status, command) =>
    given(...(histories[status] ?? []))
      .when(command)
      .thenEmits(),
  );

  it('that left with a label ignores that it left', () =>
    given(created, started, dispatched).when(dispatch(null, null)).thenEmits());
  it('that left without a label does not get one afterwards', () =>
    given(created, started, byHand).when(dispatch()).thenRejects('shipment.illegal_transition'));

  it.each<[string, ShipmentCommand]>([
    ['DELIVERED', start],
    ['RETURNED', start],
    ['CREATED', dispatch()],
    ['DISPATCHED', dispatch('DHL', 'T2')],
    ['DISPATCHED', dispatch('UPS')],
    ['DELIVERED', dispatch()],
    ['RETURNED', dispatch()],
    ['CREATED', track],
    ['DISPATCHING', track],
    ['DELIVERED', track],
    ['RETURNED', track],
    ['CREATED', deliver],
    ['DISPATCHING', deliver],
    ['RETURNED', deliver],
    ['CREATED', giveBack],
    ['DISPATCHING', giveBack],
    ['DISPATCHED', giveBack],
    ['DISPATCHED', cancel],
    ['DELIVERED', cancel],
  ])('that is %s refuses $type', (status, command) =>
    given(...(histories[status] ?? []))
      .when(command)
      .thenRejects('shipment.illegal_transition'),
  );

  it.each([start, dispatch(), track, deliver])('that went back on the shelf refuses $type', (command) =>
    given(created, started, shelved).when(command).thenRejects('shipment.illegal_transition'),
  );
});
