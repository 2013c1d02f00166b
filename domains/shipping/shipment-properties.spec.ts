import fc from 'fast-check';
import { play } from '../shared/testing/play.js';
import type { ShipmentCommand } from './commands.js';
import type { ShipmentEvent } from './events.js';
import { shipment, type Shipment } from './shipment.js';

const orderId = 'o1';
const create: ShipmentCommand = { type: 'CreateShipment', data: { orderId, userId: 'u1', lines: [], address: null } };

const aCommand: fc.Arbitrary<ShipmentCommand> = fc.oneof(
  fc.constant(create),
  fc
    .constantFrom('StartDispatch', 'RecordDelivery', 'RecordReturn', 'CancelShipment')
    .map((type): ShipmentCommand => ({ type, data: { orderId } })),
  fc.option(fc.constantFrom('T1', 'T2')).map((trackingNumber): ShipmentCommand => ({
    type: 'RecordDispatch',
    data: { orderId, carrier: trackingNumber && 'DHL', trackingNumber },
  })),
  fc.constant<ShipmentCommand>({
    type: 'UpdateTracking',
    data: { orderId, status: 'in_transit', location: null, note: null, at: '2026-01-01T00:00:00.000Z' },
  }),
);

/** The property holds after every single command, and is told the state before it. */
const always = (holds: (before: Shipment, after: Shipment, events: readonly ShipmentEvent[]) => void) =>
  fc.assert(
    fc.property(fc.array(aCommand, { maxLength: 40 }), (given) => {
      let played = play(shipment, []);
      for (const command of given) {
        const before = played.state;
        played = play(shipment, [command], played);
        holds(before, played.state, played.events);
      }
    }),
    { numRuns: 1000, includeErrorInReport: true },
  );

const way: readonly Shipment['status'][] = ['NONE', 'CREATED', 'DISPATCHING', 'DISPATCHED', 'DELIVERED', 'RETURNED'];

describe('after any commands, a shipment', () => {
  it('has not gone backwards', () =>
    always((before, after) => expect(way.indexOf(after.status)).toBeGreaterThanOrEqual(way.indexOf(before.status))));

  it('has skipped no step, unless it went back on the shelf', () =>
    always((before, after, events) => {
      const last = events.at(-1);
      const isShelved = last?.type === 'ShipmentReturned' && !last.data.wasDispatched;
      expect(isShelved || way.indexOf(after.status) - way.indexOf(before.status) <= 1).toBe(true);
    }));

  it('went back on the shelf only if it never left', () =>
    always((_before, _after, events) => {
      const left = events.some(({ type }) => type === 'ShipmentDispatched');
      const ends = events.flatMap((event) => (event.type === 'ShipmentReturned' ? [event.data.wasDispatched] : []));
      expect(ends).toEqual(ends.map(() => left));
      expect(ends.length).toBeLessThanOrEqual(1);
    }));

  it('was tracked only while it was under way', () =>
    always((_before, _after, events) => {
      const types = events.map(({ type }) => type);
      const end = types.findIndex((type) => type === 'ShipmentDelivered');
      const start = types.indexOf('ShipmentDispatched');
      const tracked = types.flatMap((type, index) => (type === 'TrackingUpdated' ? [index] : []));
      for (const index of tracked) expect(start >= 0 && index > start && (end < 0 || index < end)).toBe(true);
    }));

  it('is what its events alone give', () =>
    always((_before, after, events) => expect(events.reduce(shipment.evolve, shipment.initial)).toEqual(after)));
});
