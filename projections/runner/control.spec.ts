import type { Control } from '../shared/view.js';
import {
  buildsOf,
  compared,
  dropped,
  isToCompare,
  rebuilt,
  rollbackAsked,
  started,
  switchAsked,
  switched,
} from './control.js';

const at = '2030-01-01T00:00:00.000Z';
const aside = (number: number, over: Partial<NonNullable<Control['aside']>> = {}) => ({
  version: 1,
  number,
  since: at,
  switches: false,
  comparison: null,
  ...over,
});
const control = (over: Partial<Control> = {}): Control => ({
  live: { version: 1, number: 1 },
  previous: null,
  aside: null,
  builds: 1,
  ...over,
});
const comparison = {
  position: '9',
  isEqual: true,
  rows: { live: 1, aside: 1 },
  checksums: { live: '5', aside: '5' },
  leftOut: 0,
};
const notReady = expect.objectContaining({ code: 'projection.not_ready' }) as Error;

describe('a view when code of it starts', () => {
  it('serves from the beginning where it was never built', () =>
    expect(started(null, 3, at)).toEqual(control({ live: { version: 3, number: 1 } })));

  it.each([
    ['serves', control()],
    ['is newer', control({ live: { version: 2, number: 1 } })],
    ['is made aside', control({ live: { version: 0, number: 1 }, aside: aside(2) })],
    ['served before', control({ live: { version: 0, number: 2 }, previous: { version: 1, number: 1 } })],
  ])('stays as it is where its version %s', (_, before) => expect(started(before, 1, at)).toBe(before));

  it('is built aside in a new version, which serves once it has caught up', () =>
    expect(started(control(), 2, at)).toEqual(control({ aside: aside(2, { version: 2, switches: true }), builds: 2 })));

  it('is built in the new version in place of what was made aside', () => {
    const before = control({ aside: aside(2), builds: 2 });
    const after = started(before, 2, at);
    expect(after.aside).toEqual(aside(3, { version: 2, switches: true }));
  });
});

describe('a rebuild', () => {
  it('is made aside under a number of its own, and does not serve by itself', () =>
    expect(rebuilt(control({ builds: 4 }), 1, at)).toEqual(control({ aside: aside(5), builds: 5 })));

  it('goes on when it is asked for once more', () => {
    const before = control({ aside: aside(2), builds: 2 });
    expect(rebuilt(before, 1, at)).toBe(before);
  });
});

describe('the build aside', () => {
  const before = control({ previous: { version: 1, number: 1 }, live: { version: 1, number: 2 }, aside: aside(3) });

  it('serves once that is asked for and it has caught up; what served before the last is gone', () => {
    const asked = switchAsked(before);
    expect(asked.aside?.switches).toBe(true);
    const after = switched(asked);
    expect(after).toEqual({
      ...before,
      live: { version: 1, number: 3 },
      previous: { version: 1, number: 2 },
      aside: null,
    });
  });

  it('is told how it compares, where it is still there', () => {
    expect(compared(before, comparison).aside).toEqual(aside(3, { comparison }));
    expect(compared(control(), comparison)).toEqual(control());
  });

  it('is compared once, with one that serves of its version', () => {
    expect(isToCompare(before)).toBe(true);
    expect(isToCompare(compared(before, comparison))).toBe(false);
    expect(isToCompare({ ...before, live: { version: 2, number: 2 } })).toBe(false);
    expect(isToCompare(control())).toBe(false);
  });

  it('must be there to be switched to', () => {
    expect(() => switchAsked(control())).toThrow(notReady);
    expect(() => switched(control())).toThrow(notReady);
  });
});

describe('a rollback', () => {
  const before = control({ live: { version: 2, number: 2 }, previous: { version: 1, number: 1 }, builds: 2 });

  it('brings the build that served before up to date, and lets it serve', () =>
    expect(rollbackAsked(before, at)).toEqual({ ...before, previous: null, aside: aside(1, { switches: true }) }));

  it('is refused where there is none, or another is made', () => {
    expect(() => rollbackAsked(control(), at)).toThrow(notReady);
    expect(() => rollbackAsked({ ...before, aside: aside(3) }, at)).toThrow(notReady);
  });
});

describe('a drop', () => {
  const previous = { version: 1, number: 1 };

  it('takes the build that is made first, then the one that served before, and never the one that serves', () => {
    const all = control({ live: { version: 1, number: 2 }, previous, aside: aside(3) });
    expect(dropped(all)).toEqual({ ...all, aside: null });
    expect(dropped({ ...all, aside: null })).toEqual({ ...all, aside: null, previous: null });
    expect(() => dropped({ ...all, aside: null, previous: null })).toThrow(notReady);
  });
});

describe('the builds of a view', () => {
  const all = control({ previous: { version: 1, number: 0 }, aside: aside(2) });

  it('are all that there are', () => expect(buildsOf(all).map(({ number }) => number)).toEqual([1, 0, 2]));
});
