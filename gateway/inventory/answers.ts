import { examples } from '../http/examples.js';
import { Example, Id, Integer, Nullable, Text } from '../http/fields.js';

const { productId } = examples;
const most = Number.MAX_SAFE_INTEGER;

@Example({ productId, onHand: 44, reserved: 2, available: 42 })
export class StockAnswer {
  @Id()
  productId!: string;

  @Integer(-most, most)
  onHand!: number;

  @Integer(-most, most)
  reserved!: number;

  @Integer(-most, most)
  available!: number;
}

@Example({ productId, quantity: 100, reference: 'delivery 4711' })
export class ReceiptAnswer {
  @Id()
  productId!: string;

  @Integer(1, most)
  quantity!: number;

  @Nullable()
  @Text(200)
  reference!: string | null;
}

@Example({ productId, quantity: -2, reason: 'broken' })
export class AdjustmentAnswer {
  @Id()
  productId!: string;

  @Integer(-most, most)
  quantity!: number;

  @Text(500)
  reason!: string;
}
