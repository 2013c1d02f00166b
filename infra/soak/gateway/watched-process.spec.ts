import { growthOf } from './watched-process.js';

const samples = (values: readonly number[]) => values.map((value, seconds) => ({ seconds, value }));

it('finds no growth in what goes up and down', () => {
  expect(growthOf(samples([9, 9, 9, 9, 2, 1, 1, 2]))).toBeCloseTo(0);
});

it('finds the growth of the second half alone', () => {
  expect(growthOf(samples([0, 50, 100, 10, 11, 12, 13]))).toBeCloseTo(3);
});

it('finds none in a single sample', () => {
  expect(growthOf(samples([7]))).toBe(0);
});
