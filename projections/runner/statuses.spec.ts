import type { BuildStatus } from './pulse.js';
import { together } from './statuses.js';

const status = (partitions: number, over: Partial<BuildStatus> = {}): BuildStatus => ({
  state: 'live',
  partitions,
  position: '10',
  lagEvents: 0,
  lagSeconds: 0,
  rate: 0,
  ...over,
});

describe('a build that several processes keep', () => {
  it('has come as far as the one that is furthest behind', () =>
    expect(
      together([
        status(2, { position: '100', lagEvents: 1, lagSeconds: 3, rate: 5 }),
        status(2, { position: '20', lagEvents: 7, lagSeconds: 2, rate: 1 }),
      ]),
    ).toEqual({ state: 'live', partitions: 4, position: '20', lagEvents: 7, lagSeconds: 3, rate: 5 }));

  it('has not begun where one has not', () =>
    expect(together([status(2), status(2, { position: null })]).position).toBeNull());

  it('does not wait for one that keeps nothing of it', () =>
    expect(together([status(4), status(0, { state: 'waiting', position: null, lagEvents: 9 })])).toEqual(status(4)));

  it.each([
    ['stopped', []],
    ['stopped', [status(0)]],
    ['live', [status(4)]],
    ['live', [status(1), status(3)]],
    ['catching_up', [status(3)]],
    ['catching_up', [status(1), status(3, { state: 'catching_up' })]],
    ['waiting', [status(1), status(3, { state: 'waiting' })]],
  ] as const)('is %s: case %#', (state, all) => expect(together(all).state).toBe(state));
});
