import { growthOf } from './watched-process.js';

it('finds no growth in garbage that comes and goes', () => {
  expect(growthOf([9, 9, 9, 9, 2, 5, 9, 4, 8, 4, 5, 9])).toBe(0);
});

it('finds what stays, in the second half alone', () => {
  expect(growthOf([0, 50, 100, 90, 10, 30, 13, 40])).toBe(3);
});

it('finds none in a single sample', () => {
  expect(growthOf([7])).toBe(0);
});
