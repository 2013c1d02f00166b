import { stripeAmount } from './stripe-amount.js';

it.each([
  ['of two decimals, as it is', 1001, 'EUR', '1001'],
  ['that Stripe pays out in whole units only, as it is', 1045, 'HUF', '1045'],
  ['without decimals, as it is', 1001, 'JPY', '1001'],
  ['of three decimals, as it is', 5120, 'KWD', '5120'],
  ['without decimals, in hundredths where Stripe has them', 5, 'ISK', '500'],
  ['without decimals, in hundredths where Stripe has them', 5, 'UGX', '500'],
  ['of two decimals, in whole units where Stripe has no others', 500, 'MGA', '5'],
])('counts a currency %s', (_what, amount, currency, counted) => {
  expect(stripeAmount({ amount, currency })).toEqual({ amount: counted });
});

it.each([
  [5124, 'KWD', 'amount_unsupported'],
  [1001, 'TND', 'amount_unsupported'],
  [501, 'MGA', 'amount_unsupported'],
  [1000, 'IQD', 'currency_unsupported'],
  [1000, 'CLF', 'currency_unsupported'],
  [1000, 'XAU', 'currency_unsupported'],
])('refuses %i %s with %s', (amount, currency, code) => {
  expect(stripeAmount({ amount, currency })).toEqual({ outcome: 'refused', code });
});
