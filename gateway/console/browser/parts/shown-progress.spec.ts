import { shownProgress } from './shown-progress.js';

it('has no value before the work has begun: a full bar would say that it is done', () =>
  expect(shownProgress({ done: 0, total: 0 })).toEqual({ bar: {}, words: 'not begun yet' }));

it('is what is done of all', () =>
  expect(shownProgress({ done: 1_200, total: 81_205 })).toEqual({
    ...{ bar: { value: 1_200, max: 81_205 }, words: '1,200 of 81,205' },
  }));
