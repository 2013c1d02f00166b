import { examples } from '../http/examples.js';
import { Example, Id, Instant, ListOf, MapOf, Nullable, OneOf, Text } from '../http/fields.js';
import { PageDto } from '../http/shapes.js';

const { orderId, at } = examples;

const entry = {
  ...{ id: '2f0e1d3c-5b6a-5978-8c9d-0e1f2a3b4c5d', channel: 'email', template: 'order_confirmed', orderId },
  ...{ facts: { total: 'EUR 25.98' }, status: 'SENT', requestedAt: at, sentAt: at },
};

/** A message to the caller, and what became of it. */
@Example(entry)
export class NotificationAnswer {
  @Id()
  id!: string;

  @OneOf(['email', 'sms'])
  channel!: string;

  @Text(100)
  template!: string;

  @Nullable()
  @Id()
  orderId!: string | null;

  @MapOf({ type: 'string' })
  facts!: Readonly<Record<string, string>>;

  @OneOf(['REQUESTED', 'SENT', 'FAILED'])
  status!: string;

  @Instant()
  requestedAt!: string;

  @Nullable()
  @Instant()
  sentAt!: string | null;
}

@Example({ items: [entry], nextCursor: null })
export class NotificationsAnswer extends PageDto {
  @ListOf(NotificationAnswer, 100)
  items!: readonly NotificationAnswer[];
}
