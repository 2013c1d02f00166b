import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Secrets } from './roles.js';

/** The first account; `password` is undefined where it was set once and nobody told it again. */
export type FirstAccount = Readonly<{ email: string; password: string | undefined; isNew: boolean }>;

/**
 * What only some roles are told. The master key and what the simulated payment provider signs with are made once, 64
 * hexadecimal digits each, and kept in the data folder, where the environment does not have them.
 */
export const secretsOf = (dataDir: string, env: NodeJS.ProcessEnv, { password }: FirstAccount): Secrets => ({
  MASTER_KEY: env.MASTER_KEY ?? kept(join(dataDir, 'master.key'), made),
  ADMIN_PASSWORD: password,
  PAYMENT_WEBHOOK_SECRET: env.PAYMENT_WEBHOOK_SECRET ?? kept(join(dataDir, 'payment-webhook.secret'), made),
  STRIPE_API_KEY: env.STRIPE_API_KEY,
  STRIPE_WEBHOOK_SECRET: env.STRIPE_WEBHOOK_SECRET,
});

const made = () => randomBytes(32).toString('hex');

/** The password of the embedded PostgreSQL, made once and kept in the data folder. */
export const postgresPasswordOf = (dataDir: string): string =>
  kept(join(dataDir, 'postgres.password'), () => randomBytes(24).toString('hex'));

/**
 * The first account. Its password comes from the environment or from `admin.json`, and is made for a fresh data folder
 * (`isNew`: to be shown once). An older folder without `admin.json` had it from the environment before.
 */
export const firstAccountOf = (
  dataDir: string,
  env: NodeJS.ProcessEnv,
  { email, isFresh }: { email: string; isFresh: boolean },
): FirstAccount => {
  if (env.ADMIN_PASSWORD !== undefined) return { email, password: env.ADMIN_PASSWORD, isNew: false };
  const path = join(dataDir, 'admin.json');
  const isNew = !existsSync(path);
  if (isNew && !isFresh) return { email, password: undefined, isNew: false };
  const account = () => JSON.stringify({ email, password: randomBytes(15).toString('base64url') });
  return { ...(JSON.parse(kept(path, account)) as { email: string; password: string }), isNew };
};

const kept = (path: string, make: () => string): string => {
  if (!existsSync(path)) {
    writeFileSync(`${path}.new`, `${make()}\n`, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }
  return readFileSync(path, 'utf8').trim();
};
