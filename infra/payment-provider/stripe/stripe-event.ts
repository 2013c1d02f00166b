import type { FieldError } from '../../../domains/shared/errors.js';
import { fields, id, optional, parseBy, text } from '../../../domains/shared/parse.js';
import type { NoticeKind, ReceivedNotice } from '../webhooks/notice.js';
import { authoriseKeyField, orderField, refundKeyField } from './stripe-metadata.js';

/** What the types of Stripe's events are called here. */
const kinds: ReadonlyMap<string, NoticeKind> = new Map([
  ['payment_intent.amount_capturable_updated', 'authorisation.succeeded'],
  ['payment_intent.payment_failed', 'authorisation.declined'],
  ['payment_intent.canceled', 'authorisation.voided'],
  ['payment_intent.succeeded', 'capture.succeeded'],
  ['charge.refunded', 'refund.succeeded'],
  ['refund.failed', 'refund.failed'],
  ['refund.updated', 'refund.updated'],
  ['charge.refund.updated', 'refund.updated'],
]);

const parseType = parseBy(fields({ id, type: text(100) }));

/**
 * The notice in an event of Stripe's; null for a type that is not told of here, and for what was not made here: where a
 * key is claimed there is no order, and others who use the account have metadata of their own.
 *
 * @throws DomainError `command.invalid` where it is no event.
 */
export const noticeInStripeEvent = (body: unknown): ReceivedNotice | null => {
  const { id: noticeId, type } = parseType(body);
  const kind = kinds.get(type);
  const orderId = orderIn(body);
  return kind !== undefined && orderId !== null ? { noticeId, orderId, kind } : null;
};

const orderIn = (event: unknown): string | null => {
  const errors: FieldError[] = [];
  const { metadata } = parseMade(event, '', (error) => errors.push(error)).data.object;
  const isOurs = errors.length === 0 && (metadata[authoriseKeyField] ?? metadata[refundKeyField]) !== null;
  return isOurs ? metadata[orderField] : null;
};

/** What an adapter of ours made carries a key. */
const parseMade = fields({
  data: fields({
    object: fields({
      metadata: fields({
        [orderField]: id,
        [authoriseKeyField]: optional(text(255)),
        [refundKeyField]: optional(text(255)),
      }),
    }),
  }),
});
