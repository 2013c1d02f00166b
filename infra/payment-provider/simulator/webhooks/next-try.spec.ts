import { nextTry } from './next-try.js';

const hour = 3_600_000;
const waitAfter = (tries: number) => (nextTry({ createdAt: 0, tries, now: 1_000 }) ?? 0) - 1_000;

it('waits twice as long each time, an hour at most', () => {
  expect([1, 2, 3, 12, 13, 2000].map(waitAfter)).toEqual([1_000, 2_000, 4_000, 2_048_000, hour, hour]);
});

it('gives up after three days', () => {
  expect(nextTry({ createdAt: 0, tries: 80, now: 71 * hour })).toBe(72 * hour);
  expect(nextTry({ createdAt: 0, tries: 80, now: 71 * hour + 1 })).toBeNull();
});
