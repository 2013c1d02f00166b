import { Map as PersistentMap } from 'immutable';
import { plainJson } from './plain-json.js';

it.each<[string, unknown, unknown]>([
  ['what is plain already', { a: [1, 'b', null, true, { c: 2 }] }, { a: [1, 'b', null, true, { c: 2 }] }],
  ['what is not there', { a: undefined, b: [undefined] }, { b: [null] }],
  ['a persistent map', { a: PersistentMap({ x: { y: 1 } }) }, { a: { x: { y: 1 } } }],
  ['maps and sets', new Map([['a', new Set([1, 2])]]), { a: [1, 2] }],
  ['an instant', new Date(0), '1970-01-01T00:00:00.000Z'],
  ['more than a number holds', 2n ** 60n, '1152921504606846976'],
])('makes plain %s', (_, value, json) => expect(plainJson(value)).toEqual(json));

it('has names in their order, however the state came to them', () => {
  const names = Array.from({ length: 40 }, (_, index) => `order-${index}`);
  const [one, other] = [names, names.toReversed()].map((each) =>
    JSON.stringify(plainJson({ b: 1, a: PersistentMap(each.map((name) => [name, 1])) })),
  );
  expect(one).toBe(other);
  expect(one).toMatch(/^\{"a":.*"b":1\}$/);
});
