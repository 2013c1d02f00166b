import type { Money } from '../../../domains/shared/money.js';
import type { Refused } from '../payment-provider.js';

/**
 * An amount as Stripe counts it: for most currencies in minor units as ISO 4217 has them, as ours. Refused with
 * `currency_unsupported` where it is not known how Stripe counts, and with `amount_unsupported` where Stripe cannot
 * charge just this.
 */
export const stripeAmount = ({ amount, currency }: Money): Readonly<{ amount: string }> | Refused => {
  const units = unitsOf.get(currency);
  if (units === undefined) return { outcome: 'refused', code: 'currency_unsupported' };
  const [ours, theirs] = units;
  if (amount % ours !== 0) return { outcome: 'refused', code: 'amount_unsupported' };
  return { amount: String((amount / ours) * theirs) };
};

/** So many units of ours that can be charged at all, and how many units of Stripe's they are. */
type Units = readonly [ours: number, theirs: number];

const withUnits = (units: Units, currencies: string): [string, Units][] =>
  currencies.split(' ').map((currency) => [currency, units]);

/** After https://docs.stripe.com/currencies. */
const unitsOf: ReadonlyMap<string, Units> = new Map([
  ...withUnits([1, 1], 'BIF CLP DJF GNF JPY KMF KRW PYG RWF VND VUV XAF XOF XPF'),
  ...withUnits(
    [1, 1],
    'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CNY COP CRC ' +
      'CVE CZK DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR JMD KES KGS KHR KYD ' +
      'KZT LAK LBP LKR LRD LSL MAD MDL MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP ' +
      'PKR PLN QAR RON RSD RUB SAR SBD SCR SEK SGD SHP SLE SOS SRD SZL THB TJS TOP TRY TTD TWD TZS UAH USD UYU UZS WST ' +
      'XCD YER ZAR ZMW',
  ),
  // Three decimals, the last of which must be 0.
  ...withUnits([10, 10], 'BHD JOD KWD OMR TND'),
  // Stripe counts these in hundredths, though they have none.
  ...withUnits([1, 100], 'ISK UGX'),
  // Two decimals by ISO 4217, none at Stripe.
  ...withUnits([100, 1], 'MGA'),
]);
