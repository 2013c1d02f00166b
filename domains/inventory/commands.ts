import type { Message } from '../shared/decider.js';
import { fields, id, integer, optional, parseBy, text } from '../shared/parse.js';

/** The most pieces of a product that one command can move, and that can be on hand. */
export const mostPieces = 1_000_000_000;

export type ReceiveStock = Message<'ReceiveStock', { productId: string; quantity: number; reference: string | null }>;
export type AdjustStock = Message<'AdjustStock', { productId: string; delta: number; reason: string }>;
export type ReserveStock = Message<'ReserveStock', { productId: string; orderId: string; quantity: number }>;
export type ReleaseReservation = Message<'ReleaseReservation', { productId: string; orderId: string }>;
export type CommitReservation = Message<'CommitReservation', { productId: string; orderId: string }>;
export type ReturnStock = Message<'ReturnStock', { productId: string; orderId: string }>;
export type StockCommand =
  ReceiveStock | AdjustStock | ReserveStock | ReleaseReservation | CommitReservation | ReturnStock;

/** What a reservation came to, as `ReserveStock` answers. */
export type ReservationOutcome = Readonly<{ reserved: true }> | Readonly<{ reserved: false; reason: string }>;

const quantity = integer(1, mostPieces);

export const parseReceiveStock: (data: unknown) => ReceiveStock['data'] = parseBy(
  fields({ productId: id, quantity, reference: optional(text(200)) }),
);
export const parseAdjustStock: (data: unknown) => AdjustStock['data'] = parseBy(
  fields({ productId: id, delta: integer(-mostPieces, mostPieces), reason: text(500) }),
);
export const parseReserveStock: (data: unknown) => ReserveStock['data'] = parseBy(
  fields({ productId: id, orderId: id, quantity }),
);
export const parseReservation: (data: unknown) => ReleaseReservation['data'] = parseBy(
  fields({ productId: id, orderId: id }),
);
