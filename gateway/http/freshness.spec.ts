import { briefly, freshnessOf } from './freshness.js';

describe('the freshness that a caller wants', () => {
  it.each([
    [undefined, 2],
    ['wait=5', 5],
    ['wait=0', 0],
    ['WAIT = "7"', 7],
    ['respond-async, wait=10', 10],
    ['wait=10; foo', 10],
    ['wait=31', 30],
    ['wait=99999999999999999999', 30],
    ['wait=-1', 2],
    ['wait=1.5', 2],
    ['wait=soon', 2],
    ['await=9', 2],
  ])('Prefer: %s waits %d s', (prefer, seconds) =>
    expect(freshnessOf(prefer === undefined ? {} : { prefer }).waitMs).toBe(seconds * 1_000),
  );

  it.each([
    ['wait=30', 2],
    ['wait=1', 1],
  ])('Prefer: %s waits %d s where it may not wait longer than usual', (prefer, seconds) =>
    expect(freshnessOf(briefly({ prefer, 'x-consistency-token': '7.stock' }))).toEqual({
      after: new Map([['stock', 7n]]),
      waitMs: seconds * 1_000,
    }),
  );

  it('takes the furthest position of several tokens', () =>
    expect(freshnessOf({ 'x-consistency-token': '12.order,7.stock, 30.order' }).after).toEqual(
      new Map([
        ['order', 30n],
        ['stock', 7n],
      ]),
    ));

  it('refuses a token that is not ours', () => {
    const refusal: unknown = expect.objectContaining({ code: 'request.invalid_token' });
    expect(() => freshnessOf({ 'x-consistency-token': 'now' })).toThrow(refusal as Error);
  });
});
