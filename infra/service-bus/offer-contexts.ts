import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { v4 as randomId } from 'uuid';
import { closeServer, listen } from '../process/server.js';
import { register } from '../service-registry/registration.js';
import type { ServiceRegistry } from '../service-registry/registry.js';
import { createServiceEndpoint, type ServiceEndpointSettings } from './service-endpoint.js';

export type OfferSettings = ServiceEndpointSettings &
  Readonly<{
    registry: ServiceRegistry;
    host: string;
    /** 0 for any that is free. */
    port: number;
    /** Under which others reach this process, where that is not its host and port. */
    url?: string | undefined;
  }>;

/** Contexts that others can reach. */
export type OfferedContexts = Readonly<{
  url: string;
  /** Deregisters, finishes what was begun and refuses what is new. */
  stop: () => Promise<void>;
}>;

/** Listens for calls to contexts and registers this process as an instance of them. @throws the listening error. */
export const offerContexts = async ({
  registry,
  host,
  port,
  url: givenUrl,
  ...endpoint
}: OfferSettings): Promise<OfferedContexts> => {
  const server = createServer(createServiceEndpoint(endpoint));
  await listen(server, { host, port });
  const { contexts, log, subject } = endpoint;
  const url = givenUrl?.replace(/\/+$/, '') ?? `http://${reachable(host)}:${(server.address() as AddressInfo).port}`;
  const registration = register({
    registry,
    instance: { instanceId: randomId(), contexts, url, version: subject.version },
    log,
  });
  log.info({ url, contexts }, 'offers contexts');
  return {
    url,
    stop: async () => {
      const [cutOff] = await Promise.all([closeServer(server), registration.stop()]);
      if (cutOff > 0) log.error({ requests: cutOff }, 'stopped before these were answered');
    },
  };
};

/** As part of a URL; this machine's name where a server listens on all addresses. */
const reachable = (host: string): string => {
  if (host === '0.0.0.0' || host === '::') return hostname();
  return host.includes(':') ? `[${host}]` : host;
};
