import { fields, id, optional, parseBy, text } from '../../../domains/shared/parse.js';
import type { NoticeKind, ReceivedNotice } from '../webhooks/notice.js';

/** Under this name a PaymentIntent, its charge and their events know the order. */
export const orderField = 'order_id';

/** What the types of Stripe's events are called here. */
const kinds: ReadonlyMap<string, NoticeKind> = new Map([
  ['payment_intent.amount_capturable_updated', 'authorisation.succeeded'],
  ['payment_intent.payment_failed', 'authorisation.declined'],
  ['payment_intent.canceled', 'authorisation.voided'],
  ['payment_intent.succeeded', 'capture.succeeded'],
  ['charge.refunded', 'refund.succeeded'],
]);

const parseType = parseBy(fields({ id, type: text(100) }));

const parseOrder = parseBy(
  fields({ data: fields({ object: fields({ metadata: fields({ [orderField]: optional(id) }) }) }) }),
);

/**
 * The notice in an event of Stripe's; null for a type that is not told of here, and for a payment of no order, as is
 * made where a key is claimed.
 *
 * @throws DomainError `command.invalid` where it is no event.
 */
export const noticeInStripeEvent = (body: unknown): ReceivedNotice | null => {
  const { id: noticeId, type } = parseType(body);
  const kind = kinds.get(type);
  if (kind === undefined) return null;
  const orderId = parseOrder(body).data.object.metadata[orderField];
  return orderId ? { noticeId, orderId, kind } : null;
};
