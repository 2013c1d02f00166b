import { examples } from '../http/examples.js';
import { Example, Id, Instant, ListOf, One, OneOf } from '../http/fields.js';
import { MoneyDto } from '../http/shapes.js';

const { orderId, at, total } = examples;

export class PaymentAttemptAnswer {
  @Id()
  method!: string;

  @OneOf(['requested', 'authorised', 'declined'])
  outcome!: string;

  @Instant()
  at!: string;
}

const statuses = [
  ...['PENDING', 'AUTHORISED', 'DECLINED', 'CAPTURED', 'CAPTURE_REFUSED', 'VOIDED'],
  ...['PARTIALLY_REFUNDED', 'REFUNDED'],
];

/** The payment of an order. */
@Example({
  orderId,
  status: 'CAPTURED',
  method: 'pm_ok',
  authorised: total,
  captured: total,
  refunded: { amount: 0, currency: 'EUR' },
  attempts: [{ method: 'pm_ok', outcome: 'authorised', at }],
})
export class PaymentAnswer {
  @Id()
  orderId!: string;

  @OneOf(statuses)
  status!: string;

  @Id()
  method!: string;

  @One(MoneyDto)
  authorised!: MoneyDto;

  @One(MoneyDto)
  captured!: MoneyDto;

  @One(MoneyDto)
  refunded!: MoneyDto;

  @ListOf(PaymentAttemptAnswer, 100)
  attempts!: readonly PaymentAttemptAnswer[];
}
