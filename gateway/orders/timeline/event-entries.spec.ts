import { everyAggregate } from '../../../domains/contexts.js';
import type { EventMetadata, StoredEvent } from '../../../infra/event-store/stored-event.js';
import { concerns, eachOnce, eventEntries, isOurs } from './event-entries.js';
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
    ['type', event(1, 'payment-o1', 'PaymentTeleported')],
    ['version', event(1, 'payment-o1', 'PaymentTeleported', {}, { schemaVersion: 99 })],
    ['category', event(1, 'teleport-o1', 'PaymentTeleported')],
  ])('is shown without what it says where this version does not know its %s: it may be personal', (_, unknown) => {
    const [entry] = eventEntries([unknown], everyAggregate);
    expect(entry).toMatchObject({ name: 'PaymentTeleported', actor: 'ada', traceId, detail: { data: null } });
  });

  it.each([
    ['no metadata', { metadata: {} as EventMetadata }],
    ['a metadata of texts', { metadata: 'Ada' as unknown as EventMetadata }],
    ['an instant that is none', { metadata: { ...placed.metadata, at: 'yesterday' } }],
    ['a trace that is none', { metadata: { ...placed.metadata, traceparent: 'Ada' } }],
    ['an actor that is none', { metadata: { ...placed.metadata, actor: {} as string } }],
    ['no version', { metadata: { ...placed.metadata, schemaVersion: undefined as unknown as number } }],
    ['no data', { data: null as unknown as StoredEvent['data'] }],
  ])('is shown with its place alone where others have written it: %s', (_, over) => {
    const foreign = { ...placed, ...over };
    expect([isOurs(placed), isOurs(foreign)]).toEqual([true, false]);
    expect(eventEntries([foreign], everyAggregate)).toEqual([
      {
        ...{ at: placed.created.getTime(), kind: 'event', name: 'OrderPlaced', position: 3n },
        detail: { id: 'e3', stream: 'order-o1', revision: 3, position: '3', data: null },
      },
    ]);
  });
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

  it('concerns the order in its own streams, whatever it says', () => {
    for (const stream of ['order-o1', 'payment-o1', 'shipment-o1'])
      expect(concerns(order, { streamId: stream, data: null as unknown as StoredEvent['data'] })).toBe(true);
    expect(concerns(order, { streamId: 'payment-o2', data: null as unknown as StoredEvent['data'] })).toBe(false);
  });

  it('is there once, with its position where one of its readers was told it', () => {
    const [told, untold] = [placed, { ...placed, position: null }];
    expect(eachOnce([untold, told])).toEqual([told]);
    expect(eachOnce([told, untold])).toEqual([told]);
    expect(eachOnce([untold])).toEqual([untold]);
  });
});
