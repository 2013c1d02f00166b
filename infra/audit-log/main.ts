import { setPriority } from 'node:os';
import { join } from 'node:path';
import { masterKeyOf, type Config } from '../config.js';
import { createEventStore } from '../event-store/event-store.js';
import { createPostgres } from '../postgres/postgres.js';
import { serveHealth } from '../process/health-server.js';
import { runRole } from '../process/role.js';
import { closeServer } from '../process/server.js';
import { createKeyring } from '../security/keyring.js';
import { createServiceTokens } from '../security/service-tokens.js';
import { createAuditIndex } from './audit-index.js';
import { runAuditor } from './auditor.js';
import { openCheckpointTarget } from './checkpoint-target.js';
import { createExportEndpoint } from './export/export-endpoint.js';
import { createExports } from './export/exports.js';
import { openSigningKey } from './signing-key.js';

/** Where commands need all there is of the processors, they go first, and what they made is logged a little later. */
const niceness = 5;

/** Batches, checkpoints, a verification, which reads ahead, and exports at once. */
const connections = 6;

await runRole('auditor', async (config, log) => {
  setPriority(niceness);
  const { keyFile, checkpoints } = placesOf(config);
  const eventStore = createEventStore(config.EVENTSTORE_URL);
  const postgres = createPostgres(config.POSTGRES_URL, connections);
  const key = openSigningKey(keyFile);
  const auditor = runAuditor({ eventStore, postgres, target: openCheckpointTarget(checkpoints), key, log });
  const keyring = createKeyring({ postgres, masterKey: masterKeyOf(config) });
  const index = createAuditIndex(postgres);
  const endpoint = createExportEndpoint({
    exports: createExports({ eventStore, postgres, index, key, sign: auditor.sign }),
    tokens: createServiceTokens({ keyring, service: 'auditor' }),
    log,
  });
  const health = await serveHealth(
    { host: config.HEALTH_HOST, port: config.AUDITOR_PORT },
    {
      'event-store': () => eventStore.head().then(() => true),
      postgres: () => postgres.query('select 1').then(() => true),
      log: () => Promise.resolve(auditor.isFollowing()),
    },
    { others: endpoint },
  );
  return {
    stop: async () => {
      await closeServer(health);
      await auditor.stop();
      await Promise.all([eventStore.dispose(), postgres.end()]);
    },
  };
});

function placesOf({ DATA_DIR, AUDIT_KEY_FILE, AUDIT_CHECKPOINTS }: Config) {
  return {
    keyFile: AUDIT_KEY_FILE ?? join(DATA_DIR, 'audit', 'signing-key.pem'),
    checkpoints: AUDIT_CHECKPOINTS ?? join(DATA_DIR, 'audit', 'checkpoints.ndjson'),
  };
}
