import { hash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { runAuditor } from '../../audit-log/auditor.js';
import { openCheckpointTarget } from '../../audit-log/checkpoint-target.js';
import { createCheckpoints, type SignedLog } from '../../audit-log/checkpoints.js';
import { ensureAuditTables } from '../../audit-log/log-tables.js';
import { openSigningKey } from '../../audit-log/signing-key.js';
import { verifyLog } from '../../audit-log/verify-log.js';
import { startEnginesApart } from '../../engines/engines-apart.js';
import { createEventStore } from '../../event-store/event-store.js';
import { createPostgres } from '../../postgres/postgres.js';
import { compare, inRounds, type Measurement } from '../rounds.js';
import { readBare } from './bare-read.js';
import { logged } from './logged.js';
import { appendOrders } from './order-events.js';

const length = 100_000;
const rounds = 7;
const floor = 0.8;

/** Verifying 100,000 events, beside reading them and taking SHA-256 of what `JSON.stringify` makes of each. */
export const measureVerifying = async (report: (line: string) => void): Promise<Measurement> => {
  const engines = await startEnginesApart(['event-store', 'postgres']);
  const folder = await mkdtemp(join(tmpdir(), 'evermart-bench-audit-'));
  const url = engines.env['EVENTSTORE_URL'] ?? '';
  const eventStore = createEventStore(url);
  const postgres = createPostgres(engines.env['POSTGRES_URL'] ?? '');
  try {
    report(`appending and logging ${length} events`);
    await appendOrders(eventStore, length);
    await ensureAuditTables(postgres);
    const key = openSigningKey(join(folder, 'key.pem'));
    const target = openCheckpointTarget(join(folder, 'checkpoints.ndjson'));
    const auditor = runAuditor({ eventStore, postgres, target, key, log: pino({ level: 'error' }) });
    await logged(eventStore, postgres);
    await auditor.stop();
    const signedLog = await createCheckpoints({ postgres, target, key }).gather();
    if (signedLog?.latest.size !== length) throw new Error('Not all events were logged');
    const verify = async () => {
      if (await verifyLog({ eventStore, postgres }, signedLog, nobodyAsks)) throw new Error('The record is not intact');
    };
    const figures = { figure: verify, ceiling: () => digestAll(url, signedLog) };
    for (const work of [figures.figure, figures.ceiling]) await work();
    const measured = await inRounds(
      rounds,
      async () => ({ figure: await perSecond(figures.figure), ceiling: await perSecond(figures.ceiling) }),
      report,
    );
    return compare('verifying, beside a bare read of $all', measured, floor);
  } finally {
    await eventStore.dispose();
    await postgres.end();
    await engines.stop();
    await rm(folder, { recursive: true });
  }
};

const nobodyAsks = () => Promise.resolve();

const digestAll = async (url: string, { latest }: SignedLog): Promise<void> => {
  const read = await readBare(url, ({ streamId, type, data, metadata }) =>
    hash('sha256', JSON.stringify([streamId, type, data, metadata]), 'buffer'),
  );
  if (read !== latest.size) throw new Error(`${read} events came instead of ${latest.size}`);
};

const perSecond = async (work: () => Promise<void>): Promise<number> => {
  const begun = performance.now();
  await work();
  return length / ((performance.now() - begun) / 1000);
};
