import { examples } from '../http/examples.js';
import { Example, Id, Integer, ListOf, Nullable, One, Text } from '../http/fields.js';
import { MoneyDto } from '../http/shapes.js';

const { userId, productId, price, total } = examples;

export class CartItemAnswer {
  @Id()
  productId!: string;

  @Integer(1, Number.MAX_SAFE_INTEGER)
  quantity!: number;
}

/** What is in a cart. */
@Example({ userId, items: [{ productId, quantity: 2 }] })
export class CartAnswer {
  @Id()
  userId!: string;

  @ListOf(CartItemAnswer, 1_000)
  items!: readonly CartItemAnswer[];
}

/** Of a product that is no longer on offer `name` and `price` are `null`. */
export class PricedItemAnswer extends CartItemAnswer {
  @Nullable()
  @Text(200)
  name!: string | null;

  @Nullable()
  @One(MoneyDto)
  price!: MoneyDto | null;

  @Integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
  available!: number;
}

/** A cart at the prices of now. */
@Example({ userId, items: [{ productId, quantity: 2, name: 'Mug', price, available: 42 }], total })
export class PricedCartAnswer {
  @Id()
  userId!: string;

  @ListOf(PricedItemAnswer, 1_000)
  items!: readonly PricedItemAnswer[];

  @Nullable()
  @One(MoneyDto)
  total!: MoneyDto | null;
}
