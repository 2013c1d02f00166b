import type { Config } from '../config.js';
import type { Launch } from './child.js';
import { builtEntry } from './installation.js';
import type { HeldPort, HoldPort } from './ports.js';

export type RoleName = 'payment-provider' | 'gateway' | 'projections' | 'workflows' | 'auditor';

/**
 * What is handed only to the roles that need it; `ADMIN_PASSWORD` is undefined where the first account exists, those of
 * Stripe where they are not set.
 */
export type Secrets = Readonly<{
  MASTER_KEY: string;
  ADMIN_PASSWORD: string | undefined;
  PAYMENT_WEBHOOK_SECRET: string;
  STRIPE_API_KEY: string | undefined;
  STRIPE_WEBHOOK_SECRET: string | undefined;
}>;

/** A role as the launcher runs it. */
export type Role = Readonly<{
  name: RoleName;
  entry: string;
  url: string;
  port: HeldPort;
  /** Most that its JavaScript objects may take, in MiB. */
  heap: number;
  secrets: readonly (keyof Secrets)[];
  env: Readonly<Record<string, string>>;
}>;

/**
 * The roles that `entries` names, with their ports: the gateway's as configured, the others' or the next free ones; and the variables by
 * which they find each other.
 */
export const rolesOf = async (
  config: Config,
  { entries, holdPort }: { entries: Readonly<Partial<Record<RoleName, string>>>; holdPort: HoldPort },
): Promise<readonly Role[]> => {
  if (Object.keys(entries).length === 0) return [];
  const domains = await holdPort(config.DOMAINS_PORT);
  const provider = await holdPort(config.PAYMENT_PROVIDER_PORT);
  const projections = await holdPort(config.PROJECTIONS_PORT);
  const workflows = await holdPort(config.WORKFLOWS_PORT);
  const auditor = await holdPort(config.AUDITOR_PORT);
  const gatewayUrl = `http://${reachable(config.HOST)}:${config.PORT}`;
  const env = {
    DOMAINS_PORT: String(domains.number),
    PAYMENT_PROVIDER_PORT: String(provider.number),
    PAYMENT_PROVIDER_URL: local(provider),
    PROJECTIONS_PORT: String(projections.number),
    PROJECTIONS_URL: local(projections),
    WORKFLOWS_PORT: String(workflows.number),
    WORKFLOWS_URL: local(workflows),
    AUDITOR_PORT: String(auditor.number),
    AUDITOR_URL: local(auditor),
  };
  const domainsUrl = { DOMAINS_URL: config.DOMAINS_URL ?? local(domains) };
  const role = (name: RoleName, rest: Omit<Role, 'name' | 'entry' | 'env'> & { env?: Role['env'] }): Role[] => {
    const entry = entries[name];
    return entry === undefined ? [] : [{ name, entry: builtEntry(entry), ...rest, env: { ...env, ...rest.env } }];
  };
  return [
    ...role('payment-provider', {
      url: local(provider),
      port: provider,
      heap: 128,
      secrets: ['PAYMENT_WEBHOOK_SECRET'],
      env: webhookOf(config, gatewayUrl),
    }),
    ...role('gateway', {
      url: gatewayUrl,
      port: domains,
      heap: 512,
      secrets: ['MASTER_KEY', 'ADMIN_PASSWORD', 'PAYMENT_WEBHOOK_SECRET', 'STRIPE_WEBHOOK_SECRET'],
    }),
    ...role('projections', { url: local(projections), port: projections, heap: 384, secrets: ['MASTER_KEY'] }),
    ...role('workflows', {
      url: local(workflows),
      port: workflows,
      heap: 384,
      secrets: ['MASTER_KEY', 'STRIPE_API_KEY'],
      env: domainsUrl,
    }),
    ...role('auditor', { url: local(auditor), port: auditor, heap: 192, secrets: ['MASTER_KEY'] }),
  ];
};

/** A role's process, which ends when the launcher dies. */
export const launchRole = ({ entry, heap, secrets, env }: Role, shared: NodeJS.ProcessEnv, all: Secrets): Launch => ({
  command: process.execPath,
  // A small young generation keeps what start-up leaves behind from staying: 100 MiB less over all roles when idle.
  args: ['--enable-source-maps', `--max-old-space-size=${heap}`, '--max-semi-space-size=2', entry],
  env: { ...shared, ...env, ...Object.fromEntries(secrets.map((name) => [name, all[name]])), EVERMART_LAUNCHER: '1' },
  ipc: true,
});

/** The entries of the built platform. */
export const builtRoles: Readonly<Record<RoleName, string>> = {
  'payment-provider': 'infra/payment-provider/simulator/main.js',
  gateway: 'gateway/main.js',
  projections: 'projections/main.js',
  workflows: 'workflows/main.js',
  auditor: 'infra/audit-log/main.js',
};

/** Where another provider takes the money, nobody listens to the simulated one. */
const webhookOf = ({ PAYMENT_PROVIDER, PAYMENT_WEBHOOK_URL }: Config, gatewayUrl: string): Role['env'] =>
  PAYMENT_PROVIDER === 'simulator'
    ? { PAYMENT_WEBHOOK_URL: PAYMENT_WEBHOOK_URL ?? `${gatewayUrl}/api/v1/webhooks/payments` }
    : {};

const local = ({ number }: HeldPort) => `http://127.0.0.1:${number}`;

/** As part of a URL; loopback where a server listens on all addresses. */
const reachable = (host: string) => {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
};
