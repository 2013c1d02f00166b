import { inWords, shortId, shownCount, shownDuration, shownInstant, shownMoney } from './format.js';

it.each([
  [{ amount: 1900, currency: 'EUR' }, 'EUR 19.00'],
  [{ amount: 5, currency: 'USD' }, 'USD 0.05'],
  [{ amount: 1234567, currency: 'JPY' }, 'JPY 1,234,567'],
  [{ amount: 1234, currency: 'KWD' }, 'KWD 1.234'],
])('shows money: %j', (money, shown) => expect(shownMoney(money).replaceAll('\u00a0', ' ')).toBe(shown));

it('shows instants in UTC', () => {
  expect(shownInstant('2026-01-31T10:30:00.123+01:00')).toBe('2026-01-31 09:30:00');
  expect(shownInstant('2026-01-31T09:30:00.123Z', true)).toBe('2026-01-31 09:30:00.123');
  expect(shownInstant('some day')).toBe('some day');
});

it.each([
  [0, '0 ms'],
  [0.256, '0.26 ms'],
  [341.4, '341 ms'],
  [1_234, '1.23 s'],
  [59_949, '59.9 s'],
  [59_950, '1 min'],
  [185_000, '3 min 5 s'],
  [3_599_600, '1 h'],
  [7_260_000, '2 h 1 min'],
  [187_200_000, '2 d 4 h'],
])('shows %d ms as %s', (ms, shown) => expect(shownDuration(ms)).toBe(shown));

it('shows counts, ids and codes', () => {
  expect(shownCount(1234567)).toBe('1,234,567');
  expect(shortId('7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41')).toBe('7b1e9d02');
  expect(shortId('o1')).toBe('o1');
  expect(inWords('CAPTURE_REFUSED')).toBe('capture refused');
});
