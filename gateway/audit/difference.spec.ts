import fc from 'fast-check';
import { differenceOf, type Change } from './difference.js';
import type { Json } from './plain-json.js';

it.each<[string, Json, Json, readonly Change[]]>([
  ['none', { a: [1, { b: null }] }, { a: [1, { b: null }] }, []],
  ['a value', { a: 1, b: 2 }, { a: 1, b: 3 }, [{ path: '/b', before: 2, after: 3 }]],
  ['a new one', {}, { a: null }, [{ path: '/a', after: null }]],
  ['one that is gone', { a: [] }, {}, [{ path: '/a', before: [] }]],
  ['within', { a: { b: { c: 1 } } }, { a: { b: { c: 2 } } }, [{ path: '/a/b/c', before: 1, after: 2 }]],
  [
    'in a list',
    { a: [1, 2] },
    { a: [1, 3, 4] },
    [
      { path: '/a/1', before: 2, after: 3 },
      { path: '/a/2', after: 4 },
    ],
  ],
  ['of another kind', { a: [1] }, { a: { 0: 1 } }, [{ path: '/a', before: [1], after: { 0: 1 } }]],
  ['the whole', 1, 'one', [{ path: '', before: 1, after: 'one' }]],
  ['under a name with signs', { 'a/b~c': 1 }, {}, [{ path: '/a~1b~0c', before: 1 }]],
])('finds %s', (_, before, after, changes) => expect(differenceOf(before, after)).toEqual(changes));

/** What a value is once the changes are made. */
const changed = (value: Json, changes: readonly Change[]): unknown => {
  const root: Record<string, unknown> = { '': structuredClone(value) };
  // A list shrinks from its end.
  const gone = changes.filter((change) => !('after' in change)).toReversed();
  for (const change of [...gone, ...changes.filter((each) => 'after' in each)]) {
    const names = change.path.split('/').map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = names.pop() ?? '';
    const holder = names.reduce((within, name) => within[name] as typeof root, root);
    if ('after' in change) holder[last] = structuredClone(change.after);
    else if (Array.isArray(holder)) holder.length = Number(last);
    else Reflect.deleteProperty(holder, last);
  }
  return root[''];
};

it('leads from one value to the other', () =>
  fc.assert(
    fc.property(fc.json(), fc.json(), (before, after) => {
      fc.pre(!`${before}${after}`.includes('__proto__'));
      const [one, other] = [JSON.parse(before), JSON.parse(after)] as [Json, Json];
      expect(changed(one, differenceOf(one, other))).toEqual(other);
    }),
  ));

it('finds nothing in names that every object has', () =>
  expect(differenceOf({}, { constructor: 1 })).toEqual([{ path: '/constructor', after: 1 }]));
