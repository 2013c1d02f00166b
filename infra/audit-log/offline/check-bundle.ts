import type { KeyObject } from 'node:crypto';
import { archiveFiles } from './archive-files.js';
import { checkEvents } from './check-events.js';
import { checkSeal } from './check-seal.js';
import type { Report } from './report.js';

/** Checks a bundle in two readings, so that it may be larger than the memory. */
export const checkBundle = async (path: string, key: KeyObject, report: Report): Promise<void> => {
  try {
    const seal = await checkSeal(archiveFiles(path), key, report);
    if (seal) await checkEvents(archiveFiles(path), seal, report);
  } catch (error) {
    report.bad('archive', `it cannot be read to its end: ${(error as Error).message}`);
  }
};
