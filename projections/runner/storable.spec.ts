import { storable } from './storable.js';

describe('what stores can hold', () => {
  it('is left as it is', () => {
    const row = { name: 'Mug 🥣 \\u0000 "\n', tags: ['a'], price: { amount: 1 }, reason: null };
    expect(storable(row)).toEqual(row);
  });

  it('has a mark in place of what they cannot', () =>
    expect(storable({ name: 'a\0b', tags: ['\ud800', { note: 'x\udfffy' }], amount: 1, none: null })).toEqual({
      name: 'a\uFFFDb',
      tags: ['\uFFFD', { note: 'x\uFFFDy' }],
      amount: 1,
      none: null,
    }));
});
