import { measureFollowing } from './audit/following.js';
import { measureReading } from './audit/reading.js';
import { measureVerifying } from './audit/verifying.js';
import { together, type Measurement } from './rounds.js';

/** What the record costs that is kept for auditors: beside bare reads when it is verified, beside commands always. */
export const measureAudit = async (report: (line: string) => void): Promise<Measurement> =>
  together([await measureVerifying(report), await measureFollowing(report), await measureReading(report)]);
