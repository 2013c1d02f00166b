import { everyAggregate } from '../../../domains/contexts.js';
import { concerns, eachOnce, eventEntries } from './event-entries.js';
import { event, orderId, traceId } from './testing/example.js';

const order = { orderId, userId: 'ada' };
const address = { $sealed: 'AAAA' };
const placed = event(3, 'order-o1', 'OrderPlaced', { lines: [], total: {}, address, paymentMethod: 'pm_ok' });

describe('an event of an order', () => {
  it('is shown with who did it, where it lies and what it says, but for what is personal', () =>
    expect(eventEntries([placed], everyAggregate)).toEqual([
      {
        ...{ at: placed.created.getTime(), kind: 'event', name: 'OrderPlaced', actor: 'ada', traceId, position: 3n },
        detail: {
          ...{ id: 'e3', stream: 'order-o1', revision: 3, position: '3' },
          ...{ correlationId: 'c1', causationId: 'k1', commandId: 'k3' },
          data: { orderId, userId: 'ada', lines: [], total: {}, paymentMethod: 'pm_ok', fromCart: null, address: null },
        },
      },
    ]));

  it.each([
    ['payment-o1', 'PaymentAuthorised', 'payment'],
    ['shipment-o1', 'ShipmentDelivered', 'event'],
    ['stock-mug', 'StockReserved', 'event'],
  ])('of %s is of the kind that it is: %s, %s', (stream, type, kind) =>
    expect(eventEntries([event(1, stream, type)], everyAggregate)).toMatchObject([{ kind }]),
  );

  it.each([
    ['a type', event(1, 'order-o1', 'OrderTeleported')],
    ['a category', event(1, 'teleport-o1', 'OrderTeleported')],
  ])('is not shown where this version does not know %s: it may be personal', (_, unknown) =>
    expect(() => eventEntries([unknown], everyAggregate)).toThrow(/this version/),
  );
});

describe('an event under the same correlation', () => {
  it.each([
    [true, { orderId }],
    [true, { orderId: undefined, userId: 'ada' }],
    [true, { orderId: null, userId: 'ada' }],
    [false, { orderId: 'o2', userId: 'ada' }],
    [false, { orderId: null, userId: 'eve' }],
    [false, { orderId: undefined, userId: undefined }],
  ])('concerns the order: %s, with %j', (expected, data) =>
    expect(concerns(order, event(1, 'stock-mug', 'StockReserved', data))).toBe(expected),
  );

  it('is there once, with its position where one of its readers was told it', () => {
    const [told, untold] = [placed, { ...placed, position: null }];
    expect(eachOnce([untold, told])).toEqual([told]);
    expect(eachOnce([told, untold])).toEqual([told]);
    expect(eachOnce([untold])).toEqual([untold]);
  });
});
