import { idNamed, keyOf } from './idempotency-keys.js';

describe('an idempotency key', () => {
  it('names the workflow, the step and the attempt', () =>
    expect(keyOf('order-o1', 'authorise', 2)).toBe('order-o1/authorise/2'));
  it('names the product where a step fans out', () =>
    expect(keyOf('order-o1', 'reserve', 1, 'p1')).toBe('order-o1/reserve/1/p1'));
});

describe('a named id', () => {
  // Written down, since a change would let the repeats of steps under way take effect a second time.
  it('is the same for ever', () =>
    expect(idNamed('order-o1/authorise/1/request')).toBe('e2eeafd8-d839-55de-b8ba-54db1e4db819'));
  it('differs by name', () => expect(idNamed('a/request')).not.toBe(idNamed('a/record')));
});
