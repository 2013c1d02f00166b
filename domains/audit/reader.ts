import type { Decider } from '../shared/decider.js';
import type { RecordAuditRead } from './commands.js';
import type { AuditEvent } from './events.js';

/** What somebody has read so far: only how often. */
export type Reader = Readonly<{ reads: number }>;

/** Reading the same again is another read. */
export const reader: Decider<Reader, RecordAuditRead, AuditEvent> = {
  initial: { reads: 0 },
  decide: ({ data: { what } }) => [{ type: 'AuditRead', data: { what } }],
  evolve: ({ reads }) => ({ reads: reads + 1 }),
};
