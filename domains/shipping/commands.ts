import type { Message } from '../shared/decider.js';
import type { Personal } from '../shared/event-schema.js';
import { fields, id, optional, parseBy, text } from '../shared/parse.js';
import type { Address } from '../shared/address.js';
import type { Line } from '../shared/line.js';

export type CreateShipment = Message<
  'CreateShipment',
  { orderId: string; userId: string; lines: readonly Line[]; address: Personal<Address> }
>;
export type RecordDispatch = Message<
  'RecordDispatch',
  { orderId: string; carrier: string | null; trackingNumber: string | null }
>;
export type UpdateTracking = Message<
  'UpdateTracking',
  { orderId: string; status: string; location: string | null; note: string | null; at: string }
>;
export type ShipmentCommand =
  | CreateShipment
  | Message<'StartDispatch', { orderId: string }>
  | RecordDispatch
  | UpdateTracking
  | Message<'RecordDelivery', { orderId: string }>
  | Message<'RecordReturn', { orderId: string }>
  /** Puts goods that have not left back on the shelf. */
  | Message<'CancelShipment', { orderId: string }>;

export const parseShipment = parseBy(fields({ orderId: id }));
export const parseRecordDispatch: (data: unknown) => RecordDispatch['data'] = parseBy(
  fields({ orderId: id, carrier: optional(text(100)), trackingNumber: optional(text(100)) }),
);
export const parseUpdateTracking: (data: unknown) => Omit<UpdateTracking['data'], 'at'> = parseBy(
  fields({ orderId: id, status: text(100), location: optional(text(200)), note: optional(text(500)) }),
);
