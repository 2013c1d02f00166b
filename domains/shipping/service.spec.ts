import type { CommandFacts } from '../shared/service.js';
import { shipping } from './service.js';
import { shipment } from './shipment.js';

const { commands, questions } = shipping;
const facts: CommandFacts = {
  ...{ at: '2026-01-01T00:00:00.000Z', actor: 's1', commandId: 'c1' },
  nameBasedId: (name) => name,
};
const orderId = 'o1';
const delivery = { userId: 'u1', lines: [], address: null };
const stepOf = (type: string, data: object, told: object = {}) =>
  commands[type]?.steps(commands[type].parse(data) as object, { ...told }, facts)[0];

describe('a shipment', () => {
  it('is created for what the order says, also once the address is gone', () => {
    const question = { context: 'orders', question: 'deliveryOf', data: { orderId } };
    expect(commands['CreateShipment']?.asks?.({ orderId })).toEqual({ delivery: question });
    expect(stepOf('CreateShipment', { orderId }, { delivery })).toMatchObject({
      id: orderId,
      command: { type: 'CreateShipment', data: { orderId, ...delivery } },
    });
  });
  it('is not created without an order', () =>
    expect(() => stepOf('CreateShipment', { orderId }, { delivery: null })).toThrow(
      expect.objectContaining({ code: 'order.not_found' }) as Error,
    ));

  it.each<[string, object, object]>([
    ['StartDispatch', {}, {}],
    ['RecordDispatch', { carrier: 'DHL', trackingNumber: 'T1' }, {}],
    ['RecordDispatch', {}, { carrier: null, trackingNumber: null }],
    ['UpdateTracking', { status: 'in_transit' }, { location: null, note: null, at: facts.at }],
    ['UpdateTracking', { status: 'late', location: 'Linz', note: 'snow', at: 'yesterday' }, { at: facts.at }],
    ['RecordDelivery', {}, {}],
    ['RecordReturn', {}, {}],
    ['CancelShipment', {}, {}],
  ])('takes %s with %j', (type, given, more) =>
    expect(stepOf(type, { orderId, ...given })).toMatchObject({
      id: orderId,
      command: { type, data: { orderId, ...given, ...more } },
    }),
  );
});

describe('the question for a shipment', () => {
  it('is answered with where it stands', () => {
    const created = shipment.evolve(shipment.initial, { type: 'ShipmentCreated', data: { orderId, ...delivery } });
    expect(questions['shipmentOf']?.answer([created] as never, { orderId })).toEqual({
      ...{ orderId, userId: 'u1', status: 'CREATED' },
      ...{ carrier: null, trackingNumber: null },
    });
  });
  it('has no answer where there is none', () =>
    expect(questions['shipmentOf']?.answer([shipment.initial] as never, { orderId })).toBeNull());
});
