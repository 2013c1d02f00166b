import { inTransaction } from '../postgres/postgres.js';
import { ensureAuditTables } from './log-tables.js';
import { startAuditedEngines, type AuditedEngines } from './testing/audited-store.js';

let engines: AuditedEngines;
beforeAll(async () => {
  engines = await startAuditedEngines();
});
afterAll(() => engines.end());

/** Resolves once somebody waits for a lock. */
const whenSomebodyWaits = async () => {
  for (;;) {
    const { rows } = await engines.postgres.query('select from pg_locks where not granted');
    if (rows.length > 0) return;
  }
};

it('makes the tables while an event is being logged, whoever comes first', async () => {
  const { postgres } = engines;
  const preparing = await inTransaction(postgres, async (logging) => {
    await logging.query('update audit_head set size = 0');
    const prepared = ensureAuditTables(postgres);
    await whenSomebodyWaits();
    await logging.query(`
      insert into audit_entries (index, position, prepare, stream, revision, event_id, digest, latest)
      values (0, 0, 0, 'cart-1', 0, gen_random_uuid(), '', now())`);
    return { prepared };
  });
  await preparing.prepared;
  const { rows } = await postgres.query('select index from audit_entries');
  expect(rows).toEqual([{ index: 0n }]);
});
