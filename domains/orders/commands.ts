import { address, type Address } from '../shared/address.js';
import type { Message } from '../shared/decider.js';
import { mostLines, mostPiecesOfALine, type Line } from '../shared/line.js';
import type { Money } from '../shared/money.js';
import { fields, id, integer, list, money, optional, parseBy, text, type Parser } from '../shared/parse.js';

/**
 * What a customer asks for: the prices are not the customer's to say. What was checked out of a cart keeps the prices of
 * that time, in `quoted`, and with `fromCart` is placed only while its checkout stands.
 */
export type OrderRequest = Readonly<{
  orderId: string;
  userId: string;
  items: readonly Readonly<{ productId: string; quantity: number }>[];
  paymentMethod: string;
  shippingAddress: Address;
  quoted?: readonly Readonly<{ productId: string; unitPrice: Money }>[] | null;
  fromCart?: boolean | null;
}>;

export type PlaceOrder = Message<
  'PlaceOrder',
  {
    orderId: string;
    userId: string;
    lines: readonly Line[];
    address: Address;
    paymentMethod: string;
    fromCart: boolean;
  }
>;
/** Sees to it that an order which was refused is not placed by somebody slow: where it goes back to the cart. */
export type AbandonPlacement = Message<'AbandonPlacement', { orderId: string; userId: string; code: string }>;
export type OfferPaymentMethod = Message<'OfferPaymentMethod', { orderId: string; paymentMethod: string }>;
export type RequestCancellation = Message<
  'RequestCancellation',
  { orderId: string; reason: string | null; by: string }
>;
export type MarkOrderPaid = Message<'MarkOrderPaid', { orderId: string; paymentId: string }>;
/** `answeredMethods` is how many of the methods that were offered have been tried; none where it is left out. */
export type RejectOrder = Message<'RejectOrder', { orderId: string; reason: string; answeredMethods?: number | null }>;
/** Without a reason the order itself says by whom it was cancelled. */
export type CancelOrder = Message<'CancelOrder', { orderId: string; reason?: string | null }>;
export type MarkOrderShipped = Message<'MarkOrderShipped', { orderId: string }>;
export type MarkOrderDelivered = Message<'MarkOrderDelivered', { orderId: string }>;
export type RequestReturn = Message<'RequestReturn', { orderId: string; reason: string }>;
export type MarkOrderReturned = Message<'MarkOrderReturned', { orderId: string }>;
export type RecordStepFailure = Message<
  'RecordStepFailure',
  { orderId: string; step: string; attempt: number; code: string }
>;
/** What staff ask of the saga. */
export type SagaRequest = Message<
  'RequestSagaRetry' | 'RequestSagaSkip' | 'RequestSagaAbort',
  { orderId: string; by: string }
>;
export type OrderCommand =
  | PlaceOrder
  | AbandonPlacement
  | OfferPaymentMethod
  | RequestCancellation
  | MarkOrderPaid
  | RejectOrder
  | CancelOrder
  | MarkOrderShipped
  | MarkOrderDelivered
  | RequestReturn
  | MarkOrderReturned
  | RecordStepFailure
  | SagaRequest;

/**
 * The policy that records the dispatch of what was marked as shipped, keyed by the order's id. Whoever records it before
 * sends the same command under the same id.
 */
export const recordDispatchPolicy = 'orders/record-dispatch';

/** The data of `shipping: RecordDispatch` for an order that staff mark as shipped: they name no carrier. */
export const dispatchOf = (orderId: string) => ({ orderId, carrier: null, trackingNumber: null });

const flag: Parser<boolean> = (value, pointer, report) => {
  if (typeof value !== 'boolean') report({ pointer, detail: 'must be true or false' });
  return value as boolean;
};

export const parsePlaceOrder: (data: unknown) => OrderRequest = parseBy(
  fields({
    orderId: id,
    userId: id,
    items: list(fields({ productId: id, quantity: integer(1, mostPiecesOfALine) }), mostLines),
    paymentMethod: id,
    shippingAddress: address,
    quoted: optional(list(fields({ productId: id, unitPrice: money }), mostLines)),
    fromCart: optional(flag),
  }),
);

const attempt = integer(0, 1_000_000);

/** How the data of commands is made sense of whose `by` is the person who sends them. */
export const requestParsers = {
  RequestCancellation: parseBy(fields({ orderId: id, reason: optional(text(500)) })),
  RequestSagaRetry: parseBy(fields({ orderId: id })),
  RequestSagaSkip: parseBy(fields({ orderId: id })),
  RequestSagaAbort: parseBy(fields({ orderId: id })),
};

/** How the data of commands is made sense of that go to the order as they are. */
export const orderParsers = {
  AbandonPlacement: parseBy(fields({ orderId: id, userId: id, code: text(100) })),
  OfferPaymentMethod: parseBy(fields({ orderId: id, paymentMethod: id })),
  MarkOrderPaid: parseBy(fields({ orderId: id, paymentId: id })),
  RejectOrder: parseBy(fields({ orderId: id, reason: text(100), answeredMethods: optional(attempt) })),
  CancelOrder: parseBy(fields({ orderId: id, reason: optional(text(100)) })),
  MarkOrderShipped: parseBy(fields({ orderId: id })),
  MarkOrderDelivered: parseBy(fields({ orderId: id })),
  RequestReturn: parseBy(fields({ orderId: id, reason: text(500) })),
  MarkOrderReturned: parseBy(fields({ orderId: id })),
  RecordStepFailure: parseBy(fields({ orderId: id, step: text(200), attempt, code: text(100) })),
};

export const parseOrderQuestion = parseBy(fields({ orderId: id }));
