import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../engines/ports.js';
import { createApiCaller, register, type ApiCaller } from './api-caller.js';
import { startKeepers, type Keepers } from './projections-keepers.js';
import { createRoleProcess } from './role-process.js';

/** A gateway, and two processes that keep the views it reads. Nobody carries out orders. */
export type ViewedShop = Readonly<{
  url: string;
  keepers: Keepers;
  /** The first account, which is staff. */
  staff: ApiCaller;
  newCustomer: () => Promise<ApiCaller>;
  newProduct: () => Promise<string>;
  close: () => Promise<void>;
}>;

export type ViewedShopSettings = Readonly<{
  /** The built entry files. */
  entries: Readonly<{ gateway: string; projections: string }>;
  /** The variables that lead to the engines, and the master key. */
  env: Readonly<Record<string, string>>;
}>;

/** Starts them; resolves when all are ready. */
export const openViewedShop = async ({ entries, env }: ViewedShopSettings): Promise<ViewedShop> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'evermart-shop-'));
  const admin = { email: 'admin@evermart.localhost', password: randomUUID() };
  const domainsPort = await freePort();
  const gateway = await createRoleProcess({
    entry: entries.gateway,
    env: {
      ...env,
      DATA_DIR: dataDir,
      DOMAINS_PORT: String(domainsPort),
      ADMIN_EMAIL: admin.email,
      ADMIN_PASSWORD: admin.password,
    },
    portVariable: 'PORT',
    // It is not ready without Temporal, which nobody needs here.
    readyPath: '/health/live',
  });
  gateway.start();
  const keepers = await startKeepers({ entry: entries.projections, count: 2, env });
  await gateway.whenReady();
  const { url } = gateway;
  const staff = createApiCaller(url, admin);

  return {
    url,
    keepers,
    staff: await signedIn(staff),
    newCustomer: async () => {
      const who = { email: `${randomUUID()}@example.org`, password: randomUUID() };
      await register(url, who);
      return createApiCaller(url, who);
    },
    newProduct: async () => {
      const product = { sku: randomUUID(), name: 'Mug', price: { amount: 950, currency: 'EUR' } };
      const { body } = await staff.send('POST', '/products', product);
      return (body as { id: string }).id;
    },
    close: async () => {
      await gateway.stop();
      await keepers.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};

/** The first account is made after the gateway began to answer. */
const signedIn = async (caller: ApiCaller): Promise<ApiCaller> => {
  while ((await caller.get('/orders')).status === 401) await pause(50);
  return caller;
};
