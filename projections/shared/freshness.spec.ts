import { jest } from '@jest/globals';
import { awaitFreshness } from './freshness.js';

const view = { categories: ['order', 'payment'] };
const at = (commit: bigint) => ({ commit, prepare: commit });
const behind = { code: 'view.behind' };

describe('waiting for a view', () => {
  it('asks for nothing without a position of its categories', async () => {
    const checkpoint = jest.fn(() => Promise.resolve(null));
    await awaitFreshness(view, { after: new Map([['product', 9n]]), waitMs: 0 }, checkpoint);
    expect(checkpoint).not.toHaveBeenCalled();
  });

  it('reads until the furthest position is reached', async () => {
    const reached = [null, at(5n), at(6n), at(7n)];
    const checkpoint = () => Promise.resolve(reached.shift() ?? null);
    const after = new Map([
      ['order', 6n],
      ['payment', 5n],
    ]);
    await awaitFreshness(view, { after, waitMs: 60_000 }, checkpoint);
    expect(reached).toEqual([at(7n)]);
  });

  it('waits for the beginning of the log as well', async () => {
    const freshness = { after: new Map([['order', 0n]]), waitMs: 0 };
    await expect(awaitFreshness(view, freshness, () => Promise.resolve(null))).rejects.toMatchObject(behind);
    await expect(awaitFreshness(view, freshness, () => Promise.resolve(at(0n)))).resolves.toBeUndefined();
  });

  it('gives up in the end', async () => {
    const freshness = { after: new Map([['order', 6n]]), waitMs: 30 };
    await expect(awaitFreshness(view, freshness, () => Promise.resolve(at(5n)))).rejects.toMatchObject(behind);
  });
});
