import { examples } from '../http/examples.js';
import { Example, Id, Instant, ListOf, Nullable, OneOf, Text } from '../http/fields.js';

const { orderId, at } = examples;

export class TrackingEntryAnswer {
  @Instant()
  at!: string;

  @Text(100)
  status!: string;

  @Nullable()
  @Text(200)
  location!: string | null;

  @Nullable()
  @Text(500)
  note!: string | null;
}

/** The goods of an order on their way. */
@Example({
  orderId,
  status: 'DISPATCHED',
  carrier: 'Parcel Express',
  trackingNumber: 'PX-20440',
  tracking: [{ at, status: 'IN_TRANSIT', location: 'Leipzig', note: null }],
})
export class ShipmentAnswer {
  @Id()
  orderId!: string;

  @OneOf(['CREATED', 'DISPATCHING', 'DISPATCHED', 'DELIVERED', 'RETURNED'])
  status!: string;

  @Nullable()
  @Text(100)
  carrier!: string | null;

  @Nullable()
  @Text(100)
  trackingNumber!: string | null;

  @ListOf(TrackingEntryAnswer, 10_000)
  tracking!: readonly TrackingEntryAnswer[];
}

/** What was told of a shipment. */
@Example({ orderId, status: 'IN_TRANSIT', location: 'Leipzig', note: null })
export class TrackingAnswer {
  @Id()
  orderId!: string;

  @Text(100)
  status!: string;

  @Nullable()
  @Text(200)
  location!: string | null;

  @Nullable()
  @Text(500)
  note!: string | null;
}
