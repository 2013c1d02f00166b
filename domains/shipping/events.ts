import type { Address } from '../shared/address.js';
import type { Message } from '../shared/decider.js';
import type { EventSchemas, Personal } from '../shared/event-schema.js';
import type { Line } from '../shared/line.js';

type Owned = { orderId: string; userId: string };

// These names and fields are the storage format: change one only with a new schema version and an upcaster.
export type ShipmentEvent =
  | Message<'ShipmentCreated', Owned & { lines: readonly Line[]; address: Personal<Address> }>
  | Message<'DispatchStarted', Owned>
  // Neither is known of goods that were handed over without a carrier's label.
  | Message<'ShipmentDispatched', Owned & { carrier: string | null; trackingNumber: string | null }>
  // `at` is an ISO 8601 instant, UTC.
  | Message<'TrackingUpdated', Owned & { status: string; location: string | null; note: string | null; at: string }>
  | Message<'ShipmentDelivered', Owned>
  // `wasDispatched`: false for goods that never left the house, since their order was cancelled.
  | Message<'ShipmentReturned', Owned & { wasDispatched: boolean }>;

export const shipmentEvents: EventSchemas<ShipmentEvent> = {
  ShipmentCreated: { version: 1, personal: { subject: 'userId', fields: ['address'] } },
  DispatchStarted: { version: 1 },
  ShipmentDispatched: { version: 1 },
  TrackingUpdated: { version: 1 },
  ShipmentDelivered: { version: 1 },
  ShipmentReturned: { version: 1 },
};
