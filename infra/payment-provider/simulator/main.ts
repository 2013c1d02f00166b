import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError, type Config } from '../../config.js';
import type { Log } from '../../logging/log.js';
import { runRole } from '../../process/role.js';
import { closeServer, listen } from '../../process/server.js';
import { createDisturbances } from './disturbances.js';
import { openLedger, type Ledger } from './ledger.js';
import { createProviderApp } from './server.js';
import { deliverNotices } from './webhooks/deliver-notices.js';
import { nextTry } from './webhooks/next-try.js';
import { createPostNotice, type PostNotice } from './webhooks/post-notice.js';

await runRole('payment-provider', async (config, log) => {
  const { DATA_DIR, HEALTH_HOST: host, PAYMENT_PROVIDER_PORT: port } = config;
  const post = postNoticeOf(config);
  const ledger = openLedger(join(DATA_DIR, 'payment-provider', 'ledger.db'), { keepsNotices: post !== undefined });
  const app = createProviderApp({
    ledger,
    disturbances: createDisturbances({ random: Math.random, wait: sleep }),
    beSlow: () => sleep(5000),
    onError: (err) => log.error({ err }, 'a request failed'),
  });
  const server = createServer(app);
  await listen(server, { host, port });
  log.info({ url: `http://${host}:${port}` }, 'listening');
  const delivery = post && startDelivery(ledger, post, log);
  return {
    stop: async () => {
      await closeServer(server);
      await delivery?.stop();
      ledger.close();
    },
  };
});

function postNoticeOf({ PAYMENT_WEBHOOK_URL: url, PAYMENT_WEBHOOK_SECRET: secret }: Config): PostNotice | undefined {
  if (url === undefined) return undefined;
  if (secret === undefined) throw new ConfigError(['PAYMENT_WEBHOOK_SECRET must be given with PAYMENT_WEBHOOK_URL']);
  return createPostNotice({ url, secret });
}

function startDelivery({ notices }: Ledger, post: PostNotice, log: Log) {
  return deliverNotices({
    ...{ notices, post, nextTry },
    onFailure: (err, about) => log.warn({ err, ...about }, 'a notice was not taken'),
    onError: (err) => log.error({ err }, 'the notices cannot be kept'),
  });
}
