import { randomDigits } from './random-digits.js';

it('gives as many digits as are asked for, others each time', () => {
  const given = Array.from({ length: 5_000 }, (_, index) => randomDigits(index % 2 === 0 ? 32 : 16));
  expect(
    given.filter((digits, index) => !/^[\da-f]+$/.test(digits) || digits.length !== (index % 2 === 0 ? 32 : 16)),
  ).toEqual([]);
  expect(new Set(given).size).toBe(given.length);
});
