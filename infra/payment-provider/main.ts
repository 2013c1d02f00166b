import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runRole } from '../process/role.js';
import { closeServer, listen } from '../process/server.js';
import { openLedger } from './ledger.js';
import { createProviderApp } from './server.js';

await runRole('payment-provider', async ({ DATA_DIR, HEALTH_HOST: host, PAYMENT_PROVIDER_PORT: port }, log) => {
  const ledger = openLedger(join(DATA_DIR, 'payment-provider', 'ledger.db'));
  const app = createProviderApp({
    ledger,
    beSlow: () => sleep(5000),
    onError: (err) => log.error({ err }, 'a request failed'),
  });
  const server = createServer(app);
  await listen(server, { host, port });
  log.info({ url: `http://${host}:${port}` }, 'listening');
  return {
    stop: async () => {
      await closeServer(server);
      ledger.close();
    },
  };
});
