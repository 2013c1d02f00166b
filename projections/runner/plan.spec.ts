import type { KeyedEvent } from './keyed.js';
import { earliest, isAfter, movedOn, planBatch, withoutParked, type HeldPartition } from './plan.js';
import { event } from './testing/events.js';

const at = (commit: number) => ({ commit: BigInt(commit), prepare: BigInt(commit) });
const held = (partition: number, position: number | null, ...parked: string[]): HeldPartition => ({
  partition,
  epoch: 3n,
  position: position === null ? null : at(position),
  parked: new Set(parked),
});
const keyed = (key: string, partition: number, position: number): KeyedEvent => ({
  stored: event(`s-${key}`, position, 'Happened', {}),
  key,
  partition,
});
const positions = (events: readonly KeyedEvent[] = []) => events.map(({ stored }) => Number(stored.position.commit));
const planned = (...given: Parameters<typeof planBatch>) => {
  const { groups, parked, moved } = planBatch(...given);
  return {
    groups: Object.fromEntries([...groups].map(([key, events]) => [key, positions(events)])),
    parked: positions(parked),
    moved: moved.map(({ partition }) => partition),
  };
};

describe('the plan of a batch', () => {
  const batch = [keyed('a', 0, 5), keyed('b', 1, 6), keyed('a', 0, 7), keyed('c', 2, 8)];

  it('applies the events of each key in their order', () =>
    expect(planned(batch, [held(0, null), held(1, 4), held(2, 4)], at(9))).toEqual({
      groups: { a: [5, 7], b: [6], c: [8] },
      parked: [],
      moved: [0, 1, 2],
    }));

  it('passes what is not held, and what was applied', () =>
    expect(planned(batch, [held(0, 5), held(2, 8)], at(8))).toEqual({ groups: { a: [7] }, parked: [], moved: [0] }));

  it('parks later events of parked keys', () =>
    expect(planned(batch, [held(0, 4, 'a'), held(1, 4, 'other')], at(9))).toEqual({
      groups: { b: [6] },
      parked: [5, 7],
      moved: [0, 1],
    }));

  it('moves partitions on that none of its events belong to', () =>
    expect(planned([], [held(3, 1)], at(9))).toEqual({ groups: {}, parked: [], moved: [3] }));
});

describe('a partition after a batch', () => {
  it('is at its end, with the keys that were parked of it', () =>
    expect(movedOn(held(0, 4, 'a'), at(9), [keyed('b', 0, 5), keyed('c', 1, 6)])).toEqual(held(0, 9, 'a', 'b')));

  it('never goes back', () => expect(movedOn(held(0, 12), at(9), [])).toEqual(held(0, 12)));

  it('forgets a key that was attended to', () =>
    expect(withoutParked(held(0, 4, 'a', 'b'), 'a')).toEqual(held(0, 4, 'b')));
});

describe('places', () => {
  it('are compared by their commit position; all are behind the beginning', () =>
    expect([isAfter(at(1), null), isAfter(at(1), at(1)), isAfter(at(2), at(1)), isAfter(at(1), at(2))]).toEqual([
      true,
      false,
      true,
      false,
    ]));

  it.each([
    [[], null],
    [[at(2)], at(2)],
    [[at(3), at(2), at(9)], at(2)],
    [[at(3), null, at(2)], null],
    [[null, at(3)], null],
  ])('have a first: case %#', (places, first) => expect(earliest(places)).toEqual(first));
});
