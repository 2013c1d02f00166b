import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { v4 as randomId } from 'uuid';
import type { Service } from '../../../domains/shared/service.js';
import { startEngines } from '../../engines/testing/engines-for-tests.js';
import { createEventStore } from '../../event-store/event-store.js';
import type { StreamEvent } from '../../event-store/stored-event.js';
import { createPostgres } from '../../postgres/postgres.js';
import { closeServer, listen } from '../../process/server.js';
import { createKeyring } from '../../security/keyring.js';
import { createPersonalKeys } from '../../security/personal-keys.js';
import { createServiceTokens, type ServiceTokens } from '../../security/service-tokens.js';
import { newTraceparent } from '../../telemetry/tracing.js';
import { createHttpServiceBus, type HttpServiceBusSettings } from '../http-service-bus.js';
import { createLocalServiceBus } from '../local-service-bus.js';
import type { CommandMessage, ServiceBus } from '../service-bus.js';
import { createServiceEndpoint } from '../service-endpoint.js';

const masterKey = 'ab'.repeat(32);

/** Tests only: a log that says nothing. */
export const silent = pino({ level: 'silent' });

/** Tests only: contexts that others reach by HTTP; `close` lets them finish. */
export type Offered = Readonly<{ url: string; close: () => Promise<number> }>;

/** Tests only: an event store and PostgreSQL, and contexts over them, as one process each would run them. */
export const startServices = async (allContexts: readonly Service[]) => {
  const engines = await startEngines(['event-store', 'postgres']);
  const eventStore = createEventStore(engines.env.EVENTSTORE_URL);
  const postgres = createPostgres(engines.env.POSTGRES_URL);
  const keyring = createKeyring({ postgres, masterKey });
  const open: Offered[] = [];

  /** A bus over all contexts, or over some and a way to the others. */
  const localBus = (names?: readonly string[], elsewhere?: ServiceBus): ServiceBus =>
    createLocalServiceBus({
      services: allContexts.filter(({ context }) => names?.includes(context) ?? true),
      eventStore,
      personalKeys: createPersonalKeys({ postgres, masterKey }),
      elsewhere,
    });

  /** Offers contexts of a bus at a free port. */
  const offer = async (bus: ServiceBus, contexts = allContexts.map(({ context }) => context)): Promise<Offered> => {
    const endpoint = createServiceEndpoint({
      bus,
      contexts,
      subject: { service: contexts.join(' and '), version: '1.2.3' },
      tokens: tokensOf('users'),
      log: silent,
      checks: { postgres: () => postgres.query('select 1').then(() => true) },
    });
    const server = createServer(endpoint);
    await listen(server, { host: '127.0.0.1', port: 0 });
    const { port } = server.address() as AddressInfo;
    const offered = { url: `http://127.0.0.1:${port}`, close: () => closeServer(server) };
    open.push(offered);
    return offered;
  };

  const tokensOf = (service: string): ServiceTokens => createServiceTokens({ keyring, service });

  return {
    eventStore,
    postgres,
    keyring,
    tokensOf,
    localBus,
    offer,
    /** A bus to those who listen at `urls`. */
    busTo: (urls: readonly string[], settings: Partial<HttpServiceBusSettings> = {}) =>
      httpBusTo(urls, { tokens: tokensOf('gateway'), ...settings }),
    eventsOf: async (streamId: string): Promise<readonly StreamEvent[]> => {
      const events: StreamEvent[] = [];
      for await (const event of eventStore.readStream(streamId)) events.push(event);
      return events;
    },
    stop: async () => {
      await Promise.all(open.map(({ close }) => close()));
      await eventStore.dispose();
      await postgres.end();
      await engines.stop();
    },
  };
};

/** Tests only: what `startServices` gives. */
export type Services = Awaited<ReturnType<typeof startServices>>;

/** Tests only: a bus to those who listen at `urls` that hardly pauses between attempts. */
export const httpBusTo = (urls: readonly string[], settings: Partial<HttpServiceBusSettings> = {}): ServiceBus =>
  createHttpServiceBus({
    discovery: { instancesOf: () => Promise.resolve(urls) },
    tokens: { issue: () => Promise.resolve('token') },
    log: silent,
    patience: { pauseMs: 1, longestPauseMs: 1 },
    ...settings,
  });

/** Tests only: a command of now. */
export const message = (type: string, data: unknown, over: Partial<CommandMessage> = {}): CommandMessage => ({
  type,
  data,
  at: new Date().toISOString(),
  commandId: randomId(),
  correlationId: randomId(),
  actor: '(test)',
  traceparent: newTraceparent(),
  ...over,
});

/** Tests only: a product that nobody has added. */
export const newProduct = (sku: string = randomId()) => ({
  productId: randomId(),
  sku,
  name: 'Mug',
  description: '',
  price: { amount: 950, currency: 'EUR' },
  categories: [],
});

/** Tests only: a person who has not registered. */
export const newPerson = () => ({
  userId: randomId(),
  email: 'ada@example.org',
  emailHash: randomId(),
  name: 'Ada Lovelace',
  phone: null,
  roles: [],
});

/** Tests only: a refusal with this code. */
export const coded = (code: string) => expect.objectContaining({ code }) as Error;
