import { placeOf } from './view-store.js';

const thrown = (message: string) => {
  const error = new RangeError(message);
  error.stack = `RangeError: ${message}\n    at project (file:///srv/evermart/dist/projections/orders/projection.js:12:34)\n    at x (y.js:1:1)`;
  return error;
};

describe('what is kept of an error', () => {
  it('is its kind and the place, and nothing of its message, whatever that looks like', () =>
    expect(placeOf(thrown('ann@example.org lives\n    at home/with/ann.ts:1:1'))).toBe(
      'RangeError at projections/orders/projection.js:12:34',
    ));

  it('is the place in our code', () =>
    expect(placeOf(thrown('secret'))).toBe('RangeError at projections/orders/projection.js:12:34'));

  it('is its kind alone where it has no place', () => {
    const error = new TypeError('secret');
    Object.defineProperty(error, 'stack', { value: undefined });
    expect(placeOf(error)).toBe('TypeError');
  });

  it('says so where it is none', () => expect(placeOf('secret')).toBe('not an Error'));
});
