import type { HeldPartition } from './plan.js';
import { createPulse } from './pulse.js';
import { event } from './testing/events.js';

const held = (partition: number, position: number | null): HeldPartition => ({
  partition,
  epoch: 1n,
  position: position === null ? null : { commit: BigInt(position), prepare: BigInt(position) },
  parked: new Set(),
});
const batch = (...positions: readonly number[]) => positions.map((position) => event('s-1', position, 'Happened', {}));

describe('the pulse of a build', () => {
  it('catches up until everything that the log holds is applied', () => {
    const pulse = createPulse(500);
    expect(pulse.status([held(0, null)], 100n)).toMatchObject({ state: 'catching_up', position: null, lagEvents: 100 });
    pulse.begin(batch(1, 2));
    pulse.end();
    expect(pulse.status([held(0, 2)], 100n)).toMatchObject({ state: 'catching_up', position: '2', lagEvents: 98 });
    pulse.caughtUp();
    expect(pulse.status([held(0, 2)], 100n)).toMatchObject({ state: 'live', lagEvents: 0, lagSeconds: 0 });
  });

  it('falls behind with a full batch, behind which there are more, and when it begins again', () => {
    const pulse = createPulse(2);
    pulse.caughtUp();
    pulse.begin(batch(1));
    expect(pulse.status([held(0, 0)], 9n)).toMatchObject({ state: 'live', lagEvents: 1 });
    pulse.begin(batch(1, 2));
    expect(pulse.status([held(0, 0)], 9n).state).toBe('catching_up');
    pulse.caughtUp();
    pulse.catchUp();
    expect(pulse.status([held(0, 0)], 9n).state).toBe('catching_up');
  });

  it('counts what has come where the head of the log is not known', () => {
    const pulse = createPulse(500);
    pulse.begin(batch(1, 2, 3));
    expect(pulse.status([held(0, null)], null).lagEvents).toBe(3);
  });

  it('has come as far as the furthest behind of its partitions', () => {
    const pulse = createPulse(500);
    expect(pulse.status([held(0, 9), held(1, 4)], null)).toMatchObject({ partitions: 2, position: '4' });
    expect(pulse.status([held(0, 9), held(1, null)], null).position).toBeNull();
    expect(pulse.status([], null)).toMatchObject({ partitions: 0, position: null });
  });

  it('tells once that it waits, and once that it goes on', () => {
    const pulse = createPulse(500);
    expect([pulse.struggle(), pulse.struggle()]).toEqual([true, false]);
    expect(pulse.status([held(0, 1)], null).state).toBe('waiting');
    expect([pulse.recover(), pulse.recover()]).toEqual([true, false]);
  });
});
