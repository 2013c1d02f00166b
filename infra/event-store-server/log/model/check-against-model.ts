import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { openLog } from '../event-log.js';
import { compareWhole } from './comparison.js';
import { openModel } from './model.js';
import { reopenLog, someOperations, type Store } from './operations.js';

/** How often, and what, to check. */
export type CheckOptions = Readonly<{
  runs: number;
  /** Repeats an earlier check: one that fails names its own. */
  seed?: number;
  /** Hears of every sequence tried. */
  onProgress?: (sequences: number) => void;
}>;

/**
 * Test-only. Does random sequences of operations to a log on a file and to the model, and compares their answers
 * and, in the end, all that is in them: as the log is, and as it is opened anew.
 *
 * @throws Error with the seed and the shortest sequence found that they differ in.
 */
export const checkAgainstModel = async ({ runs, seed, onProgress }: CheckOptions): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'event-log-model-'));
  let sequences = 0;
  const agrees = fc.asyncProperty(someOperations, aLengthOfIndex, async (operations, mostInMemory) => {
    sequences += 1;
    const own = await mkdtemp(join(folder, 'sequence-'));
    const file = join(own, 'events.db');
    const open = () => openLog(file, { mostInMemory });
    await compareOver(operations, { open, log: open() });
    await rm(own, { recursive: true });
    onProgress?.(sequences);
  });
  try {
    await fc.assert(agrees, { numRuns: runs, includeErrorInReport: true, ...(seed !== undefined && { seed }) });
  } finally {
    await rm(folder, { recursive: true });
  }
};

/** Short ones, so that few events fill the part of the index that is in memory. */
const aLengthOfIndex = fc.constantFrom(1, 4, 8_192);

type Operations = typeof someOperations extends fc.Arbitrary<infer Value> ? Value : never;

const compareOver = async (operations: Operations, store: Store) => {
  const model = openModel();
  try {
    await fc.asyncModelRun(() => ({ model, real: store }), operations);
    compareWhole(model, store.log);
    reopenLog(store);
    compareWhole(model, store.log);
  } finally {
    store.log.close();
  }
};
