import { inParallel } from './in-parallel.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('work in parallel', () => {
  it('is done for each number once', async () => {
    const done: number[] = [];
    await inParallel(5, 2, (number) => Promise.resolve(void done.push(number)));
    expect(done.sort()).toEqual([1, 2, 3, 4, 5]);
  });

  it('is not done for more at a time than was said', async () => {
    let now = 0;
    let most = 0;
    await inParallel(20, 3, async () => {
      now += 1;
      most = Math.max(most, now);
      await turn();
      now -= 1;
    });
    expect(most).toBe(3);
  });

  it('is nothing where there is nothing to do', async () => {
    await expect(inParallel(0, 3, () => Promise.reject(new Error('never')))).resolves.toBeUndefined();
  });

  it('ends at the first failure, after what was begun', async () => {
    const ended: number[] = [];
    const failing = inParallel(100, 2, async (number) => {
      if (number === 1) throw new Error('the first');
      await turn();
      ended.push(number);
    });
    await expect(failing).rejects.toThrow('the first');
    expect(ended).toEqual([2]);
  });
});
