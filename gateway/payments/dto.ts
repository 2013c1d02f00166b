import { IsOptional, ValidateNested } from 'class-validator';
import { Formed, Id, Integer, Text } from '../http/fields.js';

/** Another method for an order whose payment was declined. */
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
export class RefundDto {
  @IsOptional()
  @ValidateNested()
  amount?: RefundedMoneyDto;

  @Text(500)
  reason!: string;
}
