import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonicalJson } from './canonical-json.js';

describe('canonical JSON', () => {
  it('is that of RFC 8785', () => {
    const example = String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],
      "string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`;
    const expected = String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`;
    expect(canonicalJson(JSON.parse(example))).toBe(expected);
  });

  it('sorts keys by their UTF-16 units', () => {
    const keys = ['€', '\r', '\ufb33', '1', '😀', '\u0080', 'ö', '10', '9', '__proto__', ''];
    const value: unknown = JSON.parse(`{${keys.map((key) => `${JSON.stringify(key)}:0`).join(',')}}`);
    const sorted = ['', '\r', '1', '10', '9', '__proto__', '\u0080', 'ö', '€', '😀', '\ufb33'];
    expect(Object.keys(value as object)).not.toEqual(sorted);
    expect(canonicalJson(value)).toBe(`{${sorted.map((key) => `${JSON.stringify(key)}:0`).join(',')}}`);
  });

  it('is what the library makes of whatever JSON can say', () => {
    const anyText = fc.oneof(fc.string(), fc.string({ unit: 'binary' }));
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.oneof(anyText, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.boolean()),
        fc.constant(null),
        fc.array(tie('tree')),
        fc.dictionary(anyText, tie('tree')),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        const parsed: unknown = JSON.parse(JSON.stringify(value));
        expect(canonicalJson(parsed)).toBe(canonicalize(parsed));
      }),
      { numRuns: 500 },
    );
  });

  it('escapes half a surrogate pair, and has the text of a number beyond all', () => {
    expect(canonicalJson(JSON.parse(String.raw`["\ud800x", 1e999, -0]`))).toBe(String.raw`["\ud800x",null,0]`);
    expect(canonicalJson({ '\udead': 1 })).toBe(String.raw`{"\udead":1}`);
  });

  it('knows keys also where there are more than it remembers', () => {
    const keys = Array.from({ length: 3_000 }, (_, number) => `key-${number}`);
    const value = Object.fromEntries(keys.map((key) => [key, key]));
    expect(JSON.parse(canonicalJson(value))).toEqual(value);
  });
});
