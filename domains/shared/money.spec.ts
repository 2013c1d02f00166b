import fc from 'fast-check';
import { add, isSameMoney, subtract, times } from './money.js';

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const usd = { amount: 1, currency: 'USD' };
const most = Number.MAX_SAFE_INTEGER;
const refusal = (code: string) => expect.objectContaining({ code }) as Error;

describe('money', () => {
  it('is multiplied', () => expect(times(eur(950), 3)).toEqual(eur(2_850)));
  it('is added', () => expect(add(eur(950), eur(50))).toEqual(eur(1_000)));
  it('is subtracted', () => expect(subtract(eur(950), eur(50))).toEqual(eur(900)));
  it('may become less than nothing', () => expect(subtract(eur(1), eur(2))).toEqual(eur(-1)));
  it.each([add, subtract])('of two currencies has no sum or difference', (operation) =>
    expect(() => operation(eur(1), usd)).toThrow(refusal('money.currency_mismatch')),
  );
  it.each([
    ['sum', () => add(eur(most), eur(1))],
    ['difference', () => subtract(eur(-most), eur(1))],
    ['product', () => times(eur(most), 2)],
  ])('has no %s beyond exact integers', (_name, operation) => expect(operation).toThrow(refusal('money.too_large')));
  it('is the same with the same amount and currency', () => expect(isSameMoney(eur(1), eur(1))).toBe(true));
  it.each([eur(2), usd])('is not the same as %j', (other) => expect(isSameMoney(eur(1), other)).toBe(false));
  it('comes back when what was added is subtracted', () =>
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (a, b) => {
        expect(subtract(add(eur(a), eur(b)), eur(b))).toEqual(eur(a));
      }),
      { includeErrorInReport: true },
    ));
});
