import type { StreamEvent } from '../../infra/event-store/stored-event.js';
import { examples } from '../http/examples.js';
import { Digits, Example, Instant, Integer, MapOf, Nullable, Text } from '../http/fields.js';
import type { Plain } from '../http/route.js';

@Example({
  ...{
    position: '4711',
    stream: `order-${examples.orderId}`,
    revision: 0,
    id: '3c0ad1c2-5a53-5a55-8e0f-5a2b7b1c9f11',
    type: 'OrderShipped',
  },
  ...{ data: { orderId: examples.orderId }, metadata: { actor: examples.userId }, created: '2026-01-31T09:30:00.000Z' },
})
export class StoredEventAnswer {
  @Nullable()
  @Digits()
  position!: string | null;

  @Text(300)
  stream!: string;

  @Integer(0, Number.MAX_SAFE_INTEGER)
  revision!: number;

  @Text(64)
  id!: string;

  @Text(300)
  type!: string;

  @MapOf({})
  data!: Readonly<Record<string, unknown>>;

  @MapOf({})
  metadata!: Readonly<Record<string, unknown>>;

  @Instant()
  created!: string;
}

/** An event as it lies in the log: personal fields are sealed. */
export const storedEventAnswer = ({
  position,
  streamId,
  revision,
  id,
  type,
  data,
  metadata,
  created,
}: StreamEvent): Plain<StoredEventAnswer> => ({
  ...{ position: position === null ? null : String(position.commit), stream: streamId, revision, id, type },
  ...{ data, metadata, created: created.toISOString() },
});
