import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../engines/ports.js';
import { createApiCaller, type ApiCaller } from '../api-caller.js';
import { createRoleProcess, type RoleProcess, type RoleSettings } from '../role-process.js';

/** The roles that orders go through, each a process of its own; the domains run in the gateway's. */
export type OrderPlatform = Readonly<{
  url: string;
  providerUrl: string;
  gateway: RoleProcess;
  workflows: RoleProcess;
  /** The first account, which is staff. */
  staff: ApiCaller;
  close: () => Promise<void>;
}>;

export type OrderPlatformSettings = Readonly<{
  /** The variables that lead to the event store, PostgreSQL and Temporal, and to MongoDB where that is there. */
  engines: Readonly<Record<string, string>>;
  /** So long an order waits for another method after a decline. */
  paymentRetryWindowSeconds: number;
  /** Whether views are kept. */
  views: boolean;
}>;

/** Starts them; resolves when they take orders and carry them out. Without MongoDB its views are left out. */
export const openOrderPlatform = async (settings: OrderPlatformSettings): Promise<OrderPlatform> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'evermart-orders-'));
  const admin = { email: 'admin@evermart.localhost', password: randomUUID() };
  const domainsPort = await freePort();
  const env = {
    MONGODB_URL: 'mongodb://127.0.0.1:1/evermart',
    // One machine stands for all customers.
    RATE_LIMIT_PER_SECOND: '100000',
    RATE_LIMIT_BURST: '100000',
    ...settings.engines,
    MASTER_KEY: 'ab'.repeat(32),
    DATA_DIR: dataDir,
    PAYMENT_RETRY_WINDOW_SECONDS: String(settings.paymentRetryWindowSeconds),
  };
  const roles: RoleProcess[] = [];
  const start = async (rest: Pick<RoleSettings, 'entry' | 'portVariable' | 'readyPath'>, more: RoleSettings['env']) => {
    const role = await createRoleProcess({ ...rest, entry: built(rest.entry), env: { ...env, ...more } });
    roles.push(role);
    role.start();
    return role;
  };
  const close = async () => {
    await Promise.all(roles.map((role) => role.stop()));
    await rm(dataDir, { recursive: true, force: true });
  };

  try {
    const provider = await start(
      { entry: 'infra/payment-provider/simulator/main.js', portVariable: 'PAYMENT_PROVIDER_PORT' },
      {},
    );
    // Neither of the two is ready without MongoDB, which not everybody needs.
    const gateway = await start(
      { entry: 'gateway/main.js', portVariable: 'PORT', readyPath: '/health/live' },
      { DOMAINS_PORT: String(domainsPort), ADMIN_EMAIL: admin.email, ADMIN_PASSWORD: admin.password },
    );
    if (settings.views)
      await start({ entry: 'projections/main.js', portVariable: 'PROJECTIONS_PORT', readyPath: '/health/live' }, {});
    const workflows = await start(
      { entry: 'workflows/main.js', portVariable: 'WORKFLOWS_PORT' },
      { DOMAINS_URL: `http://127.0.0.1:${domainsPort}`, PAYMENT_PROVIDER_URL: provider.url },
    );
    await Promise.all(roles.map((role) => role.whenReady()));
    const staff = await signedIn(createApiCaller(gateway.url, admin));
    return { url: gateway.url, providerUrl: provider.url, gateway, workflows, staff, close };
  } catch (error) {
    await close();
    throw error;
  }
};

/** The first account is made after the gateway began to answer. */
const signedIn = async (caller: ApiCaller): Promise<ApiCaller> => {
  while ((await caller.get('/orders')).status === 401) await pause(50);
  return caller;
};

const built = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
