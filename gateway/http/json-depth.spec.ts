import fc from 'fast-check';
import { isDeeperThan } from './json-depth.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

it.each([
  ['an empty text', '', 0, false],
  ['a string with brackets', '"[[["', 0, false],
  ['a string with a quote in it', '"\\"[["', 0, false],
  ['a string that ends with a backslash', '"\\\\", [[1]]', 1, true],
  ['as deep as allowed', nested(32), 32, false],
  ['deeper', nested(33), 32, true],
  ['objects and arrays in turn', '{"a": [{"b": 1}]}', 2, true],
  ['side by side', '[[], [], {}, []]', 2, false],
  ['never closed', '['.repeat(100_000), 32, true],
])('%s', (_what, text, most, expected) => {
  expect(isDeeperThan(bytes(text), most)).toBe(expected);
});

it('counts as the parsed value is deep', () => {
  const depthOf = (value: unknown): number =>
    typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.nat(6), (value, most) => {
      expect(isDeeperThan(bytes(JSON.stringify(value)), most)).toBe(depthOf(value) > most);
    }),
  );
});
