import fc from 'fast-check';
import { giveBack, take, type Bucket } from './token-bucket.js';

const rules = { perSecond: 100, burst: 150 };

/** How many of the requests at these instants got a token. */
const takenAt = (instants: readonly number[]): number => {
  let bucket: Bucket | undefined;
  let taken = 0;
  for (const now of instants) {
    const tried = take(rules, bucket, now);
    bucket = tried.bucket;
    taken += tried.isTaken ? 1 : 0;
  }
  return taken;
};

describe('a bucket', () => {
  it('that is not known is full', () =>
    expect(take(rules, undefined, 5)).toEqual({
      bucket: { tokens: 149, at: 5 },
      isTaken: true,
      left: 149,
      waitMs: 0,
      fullMs: 10,
    }));

  it('gives its burst at once, and says how long to wait then', () => {
    expect(takenAt(Array(200).fill(0) as number[])).toBe(150);
    expect(take(rules, { tokens: 0, at: 0 }, 0)).toMatchObject({ isTaken: false, left: 0, waitMs: 10, fullMs: 1_500 });
  });

  it('has a token again after the wait that it told of', () => {
    const { bucket, waitMs } = take(rules, { tokens: 0.25, at: 0 }, 0);
    expect(take(rules, bucket, waitMs).isTaken).toBe(true);
    expect(take(rules, bucket, waitMs - 1).isTaken).toBe(false);
  });

  it('loses nothing by being asked in vain', () => {
    const asked = Array.from({ length: 100 }, (_, index) => index / 10);
    expect(takenAt([...(Array(150).fill(0) as number[]), ...asked, 10])).toBe(151);
  });

  it('gains nothing from a clock that goes backwards and forwards again', () => {
    const { bucket, isTaken } = take(rules, { tokens: 0, at: 1_000 }, 0);
    expect([isTaken, take(rules, bucket, 1_000).isTaken]).toEqual([false, false]);
  });

  it('takes back what was taken, and holds no more than its burst', () => {
    expect(giveBack(rules, { tokens: 3, at: 0 }, 10)).toEqual({ tokens: 5, at: 10 });
    expect(giveBack(rules, { tokens: 149.5, at: 0 }, 0)).toEqual({ tokens: 150, at: 0 });
    expect(giveBack(rules, undefined, 0)).toEqual({ tokens: 150, at: 0 });
  });

  it('never gives more than its burst and what it gained meanwhile', () =>
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 50 }), { maxLength: 500 }), (pauses) => {
        let now = 0;
        const instants = pauses.map((pause) => (now += pause));
        expect(takenAt(instants)).toBeLessThanOrEqual(
          rules.burst + ((instants.at(-1) ?? 0) * rules.perSecond) / 1_000 + 1e-6,
        );
      }),
    ));
});
