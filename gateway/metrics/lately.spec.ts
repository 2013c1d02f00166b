import { createWritableLog } from '../../infra/logging/testing/writable-log.js';
import { lately } from './lately.js';

let now: number;
let reads: Readonly<{ resolve: (value: number) => void; reject: (error: Error) => void }>[];
const { log, lines } = createWritableLog();

const start = (waitMs = 60_000) => {
  now = 0;
  reads = [];
  const read = () => new Promise<number>((resolve, reject) => reads.push({ resolve, reject }));
  return lately(read, { what: 'a figure', log, patience: { keptMs: 5_000, waitMs }, now: () => now });
};

it('reads once for all who ask meanwhile, and a while after', async () => {
  const figure = start();
  const asked = [figure(), figure()];
  now = 100_000;
  asked.push(figure());
  expect(reads).toHaveLength(1);
  reads[0]?.resolve(1);
  expect(await Promise.all(asked)).toEqual([1, 1, 1]);

  now = 104_999;
  expect(await figure()).toBe(1);
  expect(reads).toHaveLength(1);

  now = 105_000;
  const next = figure();
  expect(reads).toHaveLength(2);
  reads[1]?.resolve(2);
  expect(await next).toBe(2);
});

it('gives nothing rather than to wait for long', async () => {
  const figure = start(1);
  expect(await figure()).toBeNull();
  expect(await figure()).toBeNull();
  expect(reads).toHaveLength(1);
});

it('gives nothing where it fails, and says so once', async () => {
  const figure = start();
  for (const count of [1, 2]) {
    const asked = figure();
    reads[count - 1]?.reject(new Error('away'));
    expect(await asked).toBeNull();
    now += 5_000;
  }
  const asked = figure();
  reads[2]?.resolve(3);
  expect(await asked).toBe(3);
  expect(lines().map(({ level, msg, what }) => [level, msg, what])).toEqual([
    [40, 'cannot be told now', 'a figure'],
    [30, 'can be told again', 'a figure'],
  ]);
});
