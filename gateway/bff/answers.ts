import { CategoryAnswer, ProductAnswer } from '../catalog/answers.js';
import { PricedCartAnswer } from '../carts/answers.js';
import { exampleOrder, exampleProduct, examples } from '../http/examples.js';
import { Example, Id, Integer, ListOf, Nullable, One, OneOf, Text } from '../http/fields.js';
import { MoneyDto } from '../http/shapes.js';
import { NotificationAnswer } from '../notifications/answers.js';
import { OrderAnswer } from '../orders/answers.js';
import { orderStatuses } from '../orders/dto.js';
import { PaymentAnswer } from '../payments/answers.js';
import { ShipmentAnswer } from '../shipping/answers.js';

/** Why a part of a screen is missing. */
export class NoteAnswer {
  @Text(100)
  part!: string;

  @Text(100)
  code!: string;

  @Text(1_000)
  detail!: string;
}

/** A screen: a part that could not be read is `null`, and a note says why. */
export class ScreenAnswer {
  @ListOf(NoteAnswer, 100)
  notes!: readonly NoteAnswer[];
}

const notes = [{ part: 'cart', code: 'service.unavailable', detail: 'MongoDB cannot be reached; try again soon' }];

/** The first screen of the shop in a browser. */
@Example({
  products: [exampleProduct],
  categories: [{ id: 'kitchen', name: 'Kitchen', parentId: null }],
  ...{ cart: null, orders: [exampleOrder], notifications: [], notes },
})
export class WebHomeAnswer extends ScreenAnswer {
  @Nullable()
  @ListOf(ProductAnswer, 100)
  products!: readonly ProductAnswer[] | null;

  @Nullable()
  @ListOf(CategoryAnswer, 100)
  categories!: readonly CategoryAnswer[] | null;

  @Nullable()
  @One(PricedCartAnswer)
  cart!: PricedCartAnswer | null;

  @Nullable()
  @ListOf(OrderAnswer, 100)
  orders!: readonly OrderAnswer[] | null;

  @Nullable()
  @ListOf(NotificationAnswer, 100)
  notifications!: readonly NotificationAnswer[] | null;
}

/** A product where there is little room. */
export class ProductCardAnswer {
  @Id()
  id!: string;

  @Text(200)
  name!: string;

  @One(MoneyDto)
  price!: MoneyDto;

  @Integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
  available!: number;
}

/** How much is in a cart. */
export class CartSummaryAnswer {
  @Integer(0, Number.MAX_SAFE_INTEGER)
  pieces!: number;

  @Nullable()
  @One(MoneyDto)
  total!: MoneyDto | null;
}

export class OrderCardAnswer {
  @Id()
  id!: string;

  @OneOf(orderStatuses)
  status!: string;

  @One(MoneyDto)
  total!: MoneyDto;
}

const { price, total, orderId } = examples;

/** The first screen of the shop on a telephone. */
@Example({
  products: [{ id: examples.productId, name: 'Mug', price, available: 42 }],
  cart: { pieces: 2, total },
  orders: [{ id: orderId, status: 'SHIPPED', total }],
  notes: [],
})
export class MobileHomeAnswer extends ScreenAnswer {
  @Nullable()
  @ListOf(ProductCardAnswer, 100)
  products!: readonly ProductCardAnswer[] | null;

  @Nullable()
  @One(CartSummaryAnswer)
  cart!: CartSummaryAnswer | null;

  @Nullable()
  @ListOf(OrderCardAnswer, 100)
  orders!: readonly OrderCardAnswer[] | null;
}

/** The screen of one order. `payment` and `shipment` are `null` as well while there is none. */
@Example({ order: exampleOrder, payment: null, shipment: null, notes: [] })
export class OrderScreenAnswer extends ScreenAnswer {
  @Nullable()
  @One(OrderAnswer)
  order!: OrderAnswer | null;

  @Nullable()
  @One(PaymentAnswer)
  payment!: PaymentAnswer | null;

  @Nullable()
  @One(ShipmentAnswer)
  shipment!: ShipmentAnswer | null;
}
