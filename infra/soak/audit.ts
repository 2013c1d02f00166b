import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { runAuditor } from '../audit-log/auditor.js';
import { openCheckpointTarget } from '../audit-log/checkpoint-target.js';
import { ensureAuditTables } from '../audit-log/log-tables.js';
import { openSigningKey } from '../audit-log/signing-key.js';
import { createVerifications, type Verification, type Verifications } from '../audit-log/verifications.js';
import { appendOrders } from '../bench/audit/order-events.js';
import { startEnginesApart } from '../engines/engines-apart.js';
import { createEventStore } from '../event-store/event-store.js';
import { createPostgres } from '../postgres/postgres.js';
import { failOn, type Soak } from './soak.js';

const eventsOfRound = 1_000;

/**
 * Appends a thousand events each round, and verifies the record time and again meanwhile: nobody touches it, so each
 * verification has to find it intact, until one had all of them.
 */
export const soakAudit: Soak = async ({ rounds }, say, print) => {
  const engines = await startEnginesApart(['event-store', 'postgres']);
  const folder = await mkdtemp(join(tmpdir(), 'evermart-soak-audit-'));
  const eventStore = createEventStore(engines.env['EVENTSTORE_URL'] ?? '');
  const postgres = createPostgres(engines.env['POSTGRES_URL'] ?? '');
  await ensureAuditTables(postgres);
  const key = openSigningKey(join(folder, 'key.pem'));
  const target = openCheckpointTarget(join(folder, 'checkpoints.ndjson'));
  const auditor = runAuditor({ eventStore, postgres, target, key, log: pino({ level: 'error' }) });
  const verifications = createVerifications(postgres);
  const progress = { written: 0 };
  const wrong: string[] = [];
  let found = 0;
  const verify = async () => {
    const verification = await verified(verifications);
    found += 1;
    if (verification.intact !== true) wrong.push(JSON.stringify(verification));
    return verification.progress.done;
  };
  try {
    const writing = write(eventStore, rounds, progress, say);
    let last = 0;
    while (last < rounds * eventsOfRound && wrong.length === 0) last = await verify();
    await writing;
    failOn('verifications', wrong);
    print(`${found} verifications, the last of ${last} events: the record is intact`);
  } finally {
    await auditor.stop();
    await eventStore.dispose();
    await postgres.end();
    await engines.stop();
    await rm(folder, { recursive: true });
  }
};

/** A tenth more than the rounds say, so that there is writing at the end. */
const write = async (
  eventStore: ReturnType<typeof createEventStore>,
  rounds: number,
  progress: { written: number },
  say: (text: string) => void,
): Promise<void> => {
  for (let round = 1; round <= Math.ceil(rounds * 1.1); round += 1) {
    await appendOrders(eventStore, eventsOfRound);
    progress.written += eventsOfRound;
    say(`round ${round}: ${progress.written} events`);
  }
};

const verified = async ({ request, find }: Verifications): Promise<Verification> => {
  let verification = await request();
  while (verification.state === 'running') {
    await pause(50);
    verification = await find(verification.id);
  }
  return verification;
};
