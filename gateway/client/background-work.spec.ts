import { lackOf, pauseMsAfter } from './background-work.js';

it('is looked at ever more rarely, but never rarer than every five seconds', () => {
  const pauses = Array.from({ length: 20 }, (_, looks) => pauseMsAfter(looks));
  expect(pauses.slice(0, 3)).toEqual([200, 300, 450]);
  expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
  expect(pauses.at(-1)).toBe(5_000);
});

it.each([
  [null, null],
  [0, null],
  [1, '1 key lacks events that could not be applied'],
  [1_200, '1,200 keys lack events that could not be applied'],
])('says what is lacking where %s keys are parked', (parkedKeys, words) => expect(lackOf(parkedKeys)).toBe(words));
