import { partitionOf } from './partition.js';

describe('the partition of a key', () => {
  // Checkpoints of views that were built lie under these: the function must never change.
  it.each([
    ['', 1],
    ['a', 0],
    ['b', 1],
    ['order-1', 1],
    ['order-2', 0],
    ['6f9619ff-8b86-4d11-b42d-00c04fc964ff', 1],
    ['Müsli 🥣', 1],
    ['\0', 3],
  ])('of %j is %i for ever', (key, partition) => expect(partitionOf(key)).toBe(partition));

  it('is spread evenly over all', () => {
    const counts = [0, 0, 0, 0];
    for (let n = 0; n < 4_000; n += 1) {
      const partition = partitionOf(`key-${n}`);
      counts[partition] = (counts[partition] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});
