import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureAppends } from './event-store/appends.js';
import { measureMillion } from './event-store/million.js';
import { measureReads } from './event-store/reads.js';
import { together, type Measurement } from './rounds.js';

/** Measures the embedded event store beside a server that keeps nothing. */
export const measureEventStore = async (report: (line: string) => void): Promise<Measurement> => {
  const folder = mkdtempSync(join(tmpdir(), 'evermart-bench-'));
  try {
    return together([
      ...(await measureAppends(folder, report)),
      await measureReads(folder, report),
      await measureMillion(folder, report),
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
