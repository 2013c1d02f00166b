import type { Message } from '../shared/decider.js';
import { fields, id, integer, list, parseBy, text } from '../shared/parse.js';
import type { Address, OrderLine } from './events.js';

/** The most lines of an order, and the most pieces of a line. */
export const mostLines = 100;
export const mostPiecesOfALine = 1_000_000;

/** What a customer asks for: the prices are not the customer's to say. */
export type OrderRequest = Readonly<{
  orderId: string;
  userId: string;
  items: readonly Readonly<{ productId: string; quantity: number }>[];
  paymentMethod: string;
  shippingAddress: Address;
}>;

export type PlaceOrder = Message<
  'PlaceOrder',
  { orderId: string; userId: string; lines: readonly OrderLine[]; address: Address; paymentMethod: string }
>;
export type MarkOrderPaid = Message<'MarkOrderPaid', { orderId: string; paymentId: string }>;
export type RejectOrder = Message<'RejectOrder', { orderId: string; reason: string }>;
export type OrderCommand = PlaceOrder | MarkOrderPaid | RejectOrder;

export const parsePlaceOrder: (data: unknown) => OrderRequest = parseBy(
  fields({
    orderId: id,
    userId: id,
    items: list(fields({ productId: id, quantity: integer(1, mostPiecesOfALine) }), mostLines),
    paymentMethod: id,
    shippingAddress: fields({
      name: text(200),
      street: text(200),
      city: text(200),
      postalCode: text(20),
      country: text(2, 2),
    }),
  }),
);
export const parseMarkOrderPaid: (data: unknown) => MarkOrderPaid['data'] = parseBy(
  fields({ orderId: id, paymentId: id }),
);
export const parseRejectOrder: (data: unknown) => RejectOrder['data'] = parseBy(
  fields({ orderId: id, reason: text(100) }),
);
export const parseOrderQuestion = parseBy(fields({ orderId: id }));
