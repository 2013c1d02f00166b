import { lookup } from 'node:dns/promises';
import { performance } from 'node:perf_hooks';
import { DomainError } from '../../domains/shared/errors.js';
import { ConfigError } from '../config.js';
import type { Log } from '../logging/log.js';
import type { Discovery } from './discovery.js';
import { createRefreshedDiscovery } from './refreshed.js';
import { downAfterMs, type ServiceRegistry } from './registry.js';

export type DiscoverySettings = Readonly<{
  /** The setting `DOMAINS_URL`. */
  address: string;
  registry: Pick<ServiceRegistry, 'list'>;
  log: Log;
  everyMs?: number;
  /** In milliseconds; for tests. */
  now?: () => number;
  /** All addresses of a host, as the system's resolver gives them; for tests. */
  resolve?: (host: string) => Promise<readonly Readonly<{ address: string; family: number }>[]>;
}>;

const forms =
  'DOMAINS_URL must be "registry", a dns:// address with a port, or http(s):// addresses separated by commas';

/**
 * Finds services as `address` says: `registry` asks the platform's own; `dns://host:port` takes every address that the
 * host has; anything else is one URL or several, separated by commas. `{context}` in them stands for the context.
 *
 * @throws ConfigError where it is none of these.
 */
export const createDiscovery = ({
  address,
  registry,
  log,
  everyMs = 2_000,
  now = () => performance.now(),
  resolve = (host) => lookup(host, { all: true }),
}: DiscoverySettings): Discovery => {
  if (address === 'registry')
    return createRefreshedDiscovery({ find: (context) => upIn(registry, context), log, everyMs, now });
  if (!address.startsWith('dns:')) return createStaticDiscovery(address);
  const { port } = parsed(address, 'dns:');
  if (port === '') throw new ConfigError([forms]);
  const find = async (context: string) => {
    const addresses = await resolve(parsed(named(address, context), 'dns:').hostname).catch((cause: unknown) => {
      const refusal = new DomainError('service.unavailable', `The addresses of the ${context} service cannot be found`);
      throw Object.assign(refusal, { cause });
    });
    return addresses
      .map(({ address: host, family }) => `http://${family === 6 ? `[${host}]` : host}:${port}`)
      .toSorted();
  };
  return createRefreshedDiscovery({ find, log, everyMs, now });
};

const createStaticDiscovery = (addresses: string): Discovery => {
  const urls = addresses.split(',').map((address) => address.trim().replace(/\/+$/, ''));
  urls.forEach((url) => parsed(url, 'http:', 'https:'));
  return { instancesOf: (context) => Promise.resolve(urls.map((url) => named(url, context))) };
};

/** Those that are up, or else those that were when the last sign of life came: the registry itself may have been away. */
const upIn = async (registry: Pick<ServiceRegistry, 'list'>, context: string): Promise<readonly string[]> => {
  const listed = await registry.list(context);
  const up = listed.filter(({ status }) => status === 'UP');
  const lastSign = Math.max(...listed.map(({ heartbeatAt }) => heartbeatAt.getTime()));
  const wereUp = listed.filter(({ heartbeatAt }) => heartbeatAt.getTime() > lastSign - downAfterMs);
  return (up.length > 0 ? up : wereUp).map(({ url }) => url);
};

const named = (address: string, context: string) => address.replaceAll('{context}', context);

const parsed = (address: string, ...protocols: readonly string[]): URL => {
  const example = named(address, 'context');
  const url = URL.canParse(example) ? new URL(example) : null;
  if (url === null || !protocols.includes(url.protocol)) throw new ConfigError([forms]);
  return url;
};
