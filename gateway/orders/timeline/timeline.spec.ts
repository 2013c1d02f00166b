import fc from 'fast-check';
import { inOrder, shownEntry, timelineKinds, type TimelineEntry } from './timeline.js';

const entry = (name: string, over: Partial<TimelineEntry> = {}): TimelineEntry => ({
  ...{ at: 5, kind: 'event', name, detail: {} },
  ...over,
});
const namesInOrder = (...entries: readonly TimelineEntry[]) => inOrder(entries).map(({ name }) => name);

describe('the entries of a timeline', () => {
  it('are in the order of their times', () =>
    expect(namesInOrder(entry('b', { at: 2 }), entry('c', { at: 30 }), entry('a', { at: 1 }))).toEqual([
      'a',
      'b',
      'c',
    ]));

  it('of one millisecond are in the order of the log, before those that are not in it', () =>
    expect(
      namesInOrder(
        entry('span', { at: 5.1, kind: 'span' }),
        entry('later', { at: 5, position: 11n }),
        entry('earlier', { at: 5.9, position: 9n }),
        entry('unknown', { at: 5.2, position: null }),
      ),
    ).toEqual(['earlier', 'later', 'unknown', 'span']));

  it('of one event go from the command to what is seen of it', () =>
    expect(
      namesInOrder(
        entry('projection', { kind: 'projection', position: 9n }),
        entry('event', { position: 9n }),
        entry('command', { kind: 'command', position: 9n }),
      ),
    ).toEqual(['command', 'event', 'projection']));

  it('come in one order, however they were gathered', () => {
    const entries = fc.record({
      at: fc.integer({ min: 0, max: 3 }).map((tenths) => tenths / 2),
      kind: fc.constantFrom(...timelineKinds),
      name: fc.constant('any'),
      position: fc.constantFrom(null, 1n, 2n),
      detail: fc.constant({}),
    });
    const shown = (all: readonly TimelineEntry[]) => inOrder(all).map(({ at, kind, position }) => [at, kind, position]);
    fc.assert(fc.property(fc.array(entries), (all) => expect(shown(all.toReversed())).toEqual(shown(all))));
  });

  it('are shown with their instants, and nothing that is not known', () =>
    expect(shownEntry(entry('OrderPlaced', { at: 5.9, position: 9n }))).toEqual({
      ...{ at: '1970-01-01T00:00:00.005Z', kind: 'event', name: 'OrderPlaced', detail: {} },
    }));
});
