import { IsOptional } from 'class-validator';
import { examples } from '../http/examples.js';
import { Example, Formed, Id, Integer, One, Text } from '../http/fields.js';

/** Another method for an order whose payment was declined. */
@Example({ orderId: examples.orderId, paymentMethod: 'pm_ok' })
export class PaymentMethodDto {
  @Id()
  orderId!: string;

  @Id()
  paymentMethod!: string;
}

export class RefundedMoneyDto {
  @Integer(1, Number.MAX_SAFE_INTEGER)
  amount!: number;

  @Formed(/^[A-Z]{3}$/, 'an ISO 4217 code')
  currency!: string;
}

/** Without an amount it is all that is left of what was captured. */
@Example({ amount: { amount: 500, currency: 'EUR' }, reason: 'arrived late' })
export class RefundDto {
  @IsOptional()
  @One(RefundedMoneyDto)
  amount?: RefundedMoneyDto;

  @Text(500)
  reason!: string;
}
