import type { Message } from '../shared/decider.js';
import type { EventSchemas } from '../shared/event-schema.js';

export type RefusalReason = 'out_of_stock' | 'released';

// These names and fields are the storage format: change one only with a new schema version and an upcaster.
export type StockEvent =
  | Message<'StockReceived', { productId: string; quantity: number; reference: string | null }>
  | Message<'StockAdjusted', { productId: string; delta: number; reason: string }>
  | Message<'StockReserved', { productId: string; orderId: string; quantity: number }>
  | Message<'ReservationRefused', { productId: string; orderId: string; reason: RefusalReason }>
  | Message<'ReservationReleased', { productId: string; orderId: string; quantity: number }>
  | Message<'ReservationCommitted', { productId: string; orderId: string; quantity: number }>
  | Message<'StockReturned', { productId: string; orderId: string; quantity: number }>;

export const stockEvents: EventSchemas<StockEvent> = {
  StockReceived: { version: 1 },
  StockAdjusted: { version: 1 },
  StockReserved: { version: 1 },
  ReservationRefused: { version: 1 },
  ReservationReleased: { version: 1 },
  ReservationCommitted: { version: 1 },
  StockReturned: { version: 1 },
};
