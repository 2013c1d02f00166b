import { createTally, tally } from './activity.js';

it('counts a value where it is at most the bound', () => {
  const histogram = createTally([1, 10, 100]);
  for (const value of [0, 1, 1.5, 10, 11, 100, 101, 1_000]) tally(histogram, value);
  expect(histogram).toEqual({ bounds: [1, 10, 100], counts: [2, 2, 2, 2], sum: 1_224.5, count: 8 });
});
