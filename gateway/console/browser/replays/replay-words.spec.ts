import { differenceInWords, positionInWords, unknownOf } from './replay-words.js';

it('promises an answer only while a replay runs', () => {
  expect(unknownOf({ state: 'running' })).toBe('not known yet');
  expect(unknownOf({ state: 'failed' })).toBe('not known');
});

it.each([
  ['running', 'not known yet'],
  ['failed', 'not known'],
  ['done', 'not compared: no build of its version served'],
] as const)('says why there is no difference of a replay that is %s', (state, words) =>
  expect(differenceInWords({ state, difference: null })).toBe(words),
);

it('counts what differs', () => {
  const difference = { added: 0, missing: 3, changed: 1_200, keys: [] };
  expect(differenceInWords({ state: 'done', difference })).toBe('0 added, 3 missing, 1,200 changed');
  expect(differenceInWords({ state: 'done', difference: { ...difference, missing: 0, changed: 0 } })).toBe('none');
});

it.each([
  ['running', null, 'not known yet'],
  ['failed', null, 'not known'],
  ['done', null, 'nothing was stored by then'],
  ['done', '42', '42'],
] as const)('says of a replay that is %s and counts up to %s: %s', (state, position, words) =>
  expect(positionInWords({ state, position })).toBe(words),
);
