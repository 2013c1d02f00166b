import { exampleLine, exampleOrder, placedOrder } from '../http/examples.js';
import { Example, Id, Instant, Integer, ListOf, ListOfTexts, Nullable, One, OneOf, Text } from '../http/fields.js';
import { MoneyDto, PageDto } from '../http/shapes.js';
import { orderStatuses } from './dto.js';

@Example(exampleLine)
export class OrderLineAnswer {
  @Id()
  productId!: string;

  @Id()
  sku!: string;

  @Text(200)
  name!: string;

  @Integer(1, Number.MAX_SAFE_INTEGER)
  quantity!: number;

  @One(MoneyDto)
  unitPrice!: MoneyDto;
}

/** An order as it was placed. */
@Example(placedOrder)
export class PlacedOrderAnswer {
  @Id()
  id!: string;

  @Id()
  userId!: string;

  @ListOf(OrderLineAnswer, 1_000)
  items!: readonly OrderLineAnswer[];

  @One(MoneyDto)
  total!: MoneyDto;

  @OneOf(orderStatuses)
  status!: string;
}

export class PaymentOfOrderAnswer {
  @Text(50)
  status!: string;

  @Id()
  method!: string;
}

export class ShipmentOfOrderAnswer {
  @Text(50)
  status!: string;

  @Nullable()
  @Text(100)
  trackingNumber!: string | null;
}

/** An order as it stands. */
@Example(exampleOrder)
export class OrderAnswer extends PlacedOrderAnswer {
  @Nullable()
  @Text(100)
  statusReason!: string | null;

  @Nullable()
  @One(PaymentOfOrderAnswer)
  payment!: PaymentOfOrderAnswer | null;

  @Nullable()
  @One(ShipmentOfOrderAnswer)
  shipment!: ShipmentOfOrderAnswer | null;

  @Instant()
  placedAt!: string;

  @Instant()
  updatedAt!: string;

  @Integer(0, Number.MAX_SAFE_INTEGER)
  version!: number;
}

@Example({ items: [exampleOrder], nextCursor: null })
export class OrdersAnswer extends PageDto {
  @ListOf(OrderAnswer, 100)
  items!: readonly OrderAnswer[];
}

/** A saga, as Temporal and the saga itself tell it: `attempts` and `pendingCompensations` are known to its worker alone. */
@Example({
  workflowId: 'order-7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41',
  runId: '5a3c9a52-6f5e-4dd8-9a0e-0d8a7d4f1e11',
  type: 'orderFulfilment',
  status: 'waiting_for_dispatch',
  step: 'dispatch',
  attempts: 0,
  pendingCompensations: [],
  url: 'http://127.0.0.1:8233/namespaces/default/workflows/order-7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41',
})
export class SagaAnswer {
  @Text(300)
  workflowId!: string;

  @Text(100)
  runId!: string;

  @Text(100)
  type!: string;

  @Nullable()
  @Text(100)
  status!: string | null;

  @Nullable()
  @Text(300)
  step!: string | null;

  @Nullable()
  @Integer(0, Number.MAX_SAFE_INTEGER)
  attempts!: number | null;

  @Nullable()
  @ListOfTexts(1_000)
  pendingCompensations!: readonly string[] | null;

  @Text(2_000)
  url!: string;
}
