import { DomainError } from './errors.js';

/** An amount in the minor unit of its currency (ISO 4217): an integer, so that sums are exact. */
export type Money = Readonly<{ amount: number; currency: string }>;

/** @throws DomainError `money.too_large` when the product is beyond what integers hold exactly. */
export const times = ({ amount, currency }: Money, factor: number): Money => exact(amount * factor, currency);

/** @throws DomainError `money.currency_mismatch`, or `money.too_large` as for `times`. */
export const add = (a: Money, b: Money): Money => {
  if (a.currency !== b.currency) throw new DomainError('money.currency_mismatch', `${a.currency} and ${b.currency}`);
  return exact(a.amount + b.amount, a.currency);
};

/** Less than nothing where `b` is more. @throws DomainError as for `add`. */
export const subtract = (a: Money, b: Money): Money => add(a, { ...b, amount: -b.amount });

export const isSameMoney = (a: Money, b: Money) => a.amount === b.amount && a.currency === b.currency;

const exact = (amount: number, currency: string): Money => {
  if (!Number.isSafeInteger(amount)) throw new DomainError('money.too_large', 'The amount is beyond exact integers');
  return { amount, currency };
};
