import { storable, storableJson } from './storable.js';

describe('what stores can hold', () => {
  it('is left as it is', () => {
    const row = { name: 'Mug 🥣 \\u0000 "\n', tags: ['a'], price: { amount: 1 }, reason: null };
    expect(storable(row)).toEqual(row);
    expect(storableJson(row)).toBe(JSON.stringify(row));
  });

  it('has a mark in place of what they cannot', () => {
    const row = { name: 'a\0b', tags: ['\ud800', { note: 'x\udfffy' }], amount: 1, none: null };
    const marked = { name: 'a\uFFFDb', tags: ['\uFFFD', { note: 'x\uFFFDy' }], amount: 1, none: null };
    expect(storable(row)).toEqual(marked);
    expect(storableJson(row)).toBe(JSON.stringify(marked));
  });
});
