import { delayAfter } from './child.js';

describe('the pause before a process is started again', () => {
  it('doubles with every end in a row', () => expect([1, 2, 3, 4].map(delayAfter)).toEqual([200, 400, 800, 1_600]));
  it('is bounded', () => expect(delayAfter(100)).toBe(10_000));
});
