import { join } from 'node:path';
import { pino } from 'pino';
import type { StoredEvent } from '../../event-store/stored-event.js';
import { allStored } from '../../event-store/testing/all-stored.js';
import { openCheckpointTarget } from '../checkpoint-target.js';
import { createCheckpoints } from '../checkpoints.js';
import type { FirstDifference } from '../first-difference.js';
import { runVerifications } from '../run-verifications.js';
import { openSigningKey } from '../signing-key.js';
import { createVerifications, type Verification } from '../verifications.js';
import type { AuditedEngines, AuditedStore } from './audited-store.js';
import { logThrough } from './log-through.js';

/** Test-only. A store of three streams of four events each, signed after each stream, and what is expected of it. */
export type SignedRecord = Readonly<{
  checkpointsFile: string;
  logAndSign: () => Promise<void>;
  /** All events that the store has now. */
  stored: () => Promise<readonly StoredEvent[]>;
  verify: () => Promise<Verification>;
  /** Where one of the twelve was, by its number from 0. */
  positionOf: (index: number) => bigint;
  /** The difference that is expected at one of the twelve. */
  difference: (index: number, kind: string) => Readonly<Record<keyof FirstDifference, unknown>>;
  /** Has the log, and PostgreSQL's notes unless they are `kept`, begin anew after 0, 4 or 8 events, as a backup would. */
  cutLog: (size: 0 | 4 | 8, notes?: 'cut' | 'kept') => Promise<void>;
}>;

export const signRecord = async (engines: AuditedEngines, store: AuditedStore): Promise<SignedRecord> => {
  const { postgres } = engines;
  const checkpointsFile = join(store.folder, 'checkpoints.ndjson');
  const key = openSigningKey(join(store.folder, 'key.pem'));
  const checkpoints = createCheckpoints({ postgres, target: openCheckpointTarget(checkpointsFile), key });
  const logAndSign = async () => {
    await logThrough(engines, store);
    await checkpoints.make();
  };
  const stored = () => allStored(store.eventStore);
  for (const stream of ['cart-1', 'cart-2', 'cart-3']) {
    await store.append(stream, 'a', 'b', 'c', 'd');
    await logAndSign();
  }
  const events = await stored();
  const at = (index: number) => events[index] as StoredEvent;
  const positionOf = (index: number) => at(index).position.commit;
  return {
    ...{ checkpointsFile, logAndSign, stored, positionOf },
    verify: async () => {
      const verifications = createVerifications(postgres);
      const { id } = await verifications.request();
      const log = pino({ level: 'silent' });
      await runVerifications({ ...store, postgres, checkpoints, log }, new AbortController().signal);
      return verifications.find(id);
    },
    difference: (index, kind) => {
      const { streamId: stream, revision } = at(index);
      return { position: String(positionOf(index)), stream, revision, kind };
    },
    cutLog: async (size, notes = 'cut') => {
      const { rows } = await postgres.query<{ root: Buffer }>('select root from audit_checkpoints where size = $1', [
        size,
      ]);
      await postgres.query(`delete from audit_entries where index >= ${size}`);
      if (notes === 'cut') await postgres.query(`delete from audit_checkpoints where size > ${size}`);
      await postgres.query('update audit_head set size = $1, position = $2, prepare = $2, latest = $3, peaks = $4', [
        ...(size === 0 ? [0, null, null, ''] : [size, positionOf(size - 1), at(size - 1).created, rows[0]?.root]),
      ]);
    },
  };
};
