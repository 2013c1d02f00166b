import { Digits, Example, Formed, Integer, Nullable, Text } from './fields.js';

/** Money, in minor units of its currency. */
@Example({ amount: 1299, currency: 'EUR' })
export class MoneyDto {
  @Integer(0, Number.MAX_SAFE_INTEGER)
  amount!: number;

  @Formed(/^[A-Z]{3}$/, 'an ISO 4217 code')
  currency!: string;
}

/** A page of a list; the items are what the list is of. */
export class PageDto {
  @Nullable()
  @Text(2_000)
  nextCursor!: string | null;
}

/** Where something stands in the log. */
export class PositionDto {
  @Digits()
  position!: string;
}
