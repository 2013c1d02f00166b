import 'reflect-metadata';
import { Command } from 'commander';
import { Container } from 'inversify';
import type { Counter } from 'prom-client';
import { ConfigError, masterKeyOf, type Config } from '../infra/config.js';
import { createEventStore, type EventStore } from '../infra/event-store/event-store.js';
import type { Log } from '../infra/logging/log.js';
import { createPostgres, type Postgres } from '../infra/postgres/postgres.js';
import { runPolicies } from '../infra/policies/run-policies.js';
import { createConflictCounter } from '../infra/command-handling/conflict-counter.js';
import { createSnapshots } from '../infra/command-handling/snapshots.js';
import { runRole } from '../infra/process/role.js';
import { createKeyring } from '../infra/security/keyring.js';
import { createCredentials } from '../infra/security/credentials.js';
import { platformReactions } from '../infra/security/platform-reactions.js';
import { followErasures } from '../infra/security/erasure-notices.js';
import { createErasure, personalDataStores } from '../infra/security/personal-data.js';
import { createPersonalKeys, type ErasablePersonalKeys } from '../infra/security/personal-keys.js';
import { createRefreshTokens } from '../infra/security/refresh-tokens.js';
import { createServiceTokens, type ServiceTokens } from '../infra/security/service-tokens.js';
import { createHttpServiceBus } from '../infra/service-bus/http-service-bus.js';
import { createLocalServiceBus } from '../infra/service-bus/local-service-bus.js';
import { offerContexts } from '../infra/service-bus/offer-contexts.js';
import type { ServiceBus } from '../infra/service-bus/service-bus.js';
import { createDiscovery } from '../infra/service-registry/create-discovery.js';
import { createServiceRegistry, type ServiceRegistry } from '../infra/service-registry/registry.js';
import { platformVersion } from '../infra/telemetry/version.js';
import { contexts, everyAggregate } from './contexts.js';
import type { Service } from './shared/service.js';

const known = contexts.map(({ context }) => context).join(', ');

const { args } = new Command('npm run service --')
  .description('Runs contexts as a process of their own, which the built-in registry tells the others of.')
  .argument('[contexts...]', `some of ${known}; those of CONTEXTS, or all, where none is named`)
  .addHelpText('after', '\nIt listens on DOMAINS_PORT or, with contexts named and that not set, on any free port.')
  .parse();

/** Contexts that are named run beside others on one machine, so no port is theirs by default. */
const named = args.length === 0 ? {} : { CONTEXTS: args.join(','), DOMAINS_PORT: process.env.DOMAINS_PORT ?? '0' };

const start = async (config: Config, log: Log) => {
  const services = servicesOf(config);
  const names = services.map(({ context }) => context);
  const service = names.length === 1 && names[0] !== undefined ? names[0] : 'domains';
  const container = compose(config, { services, service, log });
  const eventStore = container.get<EventStore>('EventStore');
  const postgres = container.get<Postgres>('Postgres');
  const offered = await offerContexts({
    bus: container.get<ServiceBus>('ServiceBus'),
    contexts: names,
    subject: { service, version: platformVersion() },
    tokens: container.get<ServiceTokens>('ServiceTokens'),
    registry: container.get<ServiceRegistry>('ServiceRegistry'),
    log,
    checks: {
      'event-store': () => eventStore.head().then(() => true),
      postgres: () => postgres.query('select 1').then(() => true),
    },
    addMetrics: (registry) => registry.registerMetric(container.get<Counter<'type'>>('Conflicts')),
    host: config.DOMAINS_HOST,
    port: config.DOMAINS_PORT,
    url: config.SERVICE_URL,
  });
  const bus = container.get<ServiceBus>('ServiceBus');
  const personalKeys = container.get<ErasablePersonalKeys>('PersonalKeys');
  const credentials = createCredentials(postgres);
  const refreshTokens = createRefreshTokens(postgres);
  const graceSeconds = config.GRACE_SECONDS;
  const erasure = createErasure({
    personalKeys,
    credentials,
    refreshTokens,
    stores: personalDataStores({ dataDir: config.DATA_DIR }),
  });
  const erasures = followErasures({ postgres, personalKeys });
  const policies = runPolicies({
    services,
    reactions: names.includes('users')
      ? platformReactions({ bus, erasure, credentials, refreshTokens, graceSeconds })
      : [],
    aggregates: everyAggregate,
    graceSeconds,
    ...{ bus, personalKeys, eventStore, postgres, log },
  });
  return {
    stop: async () => {
      await Promise.all([offered.stop(), policies.stop(), erasures.stop()]);
      await eventStore.dispose();
      await postgres.end();
    },
  };
};

await runRole('domains', start, { environment: { ...process.env, ...named } });

/** Everything that more than one part needs. Nothing connects before it is used. */
function compose(
  config: Config,
  { services, service, log }: Readonly<{ services: readonly Service[]; service: string; log: Log }>,
): Container {
  const masterKey = masterKeyOf(config);
  const container = new Container({ defaultScope: 'Singleton' });
  container.bind<Counter<'type'>>('Conflicts').toDynamicValue(createConflictCounter);
  container.bind<EventStore>('EventStore').toDynamicValue(() => createEventStore(config.EVENTSTORE_URL));
  container.bind<Postgres>('Postgres').toDynamicValue(() => createPostgres(config.POSTGRES_URL));
  container
    .bind<ErasablePersonalKeys>('PersonalKeys')
    .toDynamicValue((context) => createPersonalKeys({ postgres: context.get<Postgres>('Postgres'), masterKey }));
  container
    .bind<ServiceRegistry>('ServiceRegistry')
    .toDynamicValue((context) => createServiceRegistry(context.get<Postgres>('Postgres')));
  container.bind<ServiceTokens>('ServiceTokens').toDynamicValue((context) =>
    createServiceTokens({
      keyring: createKeyring({ postgres: context.get<Postgres>('Postgres'), masterKey }),
      service,
    }),
  );
  container.bind<ServiceBus>('ServiceBus').toDynamicValue((context) =>
    createLocalServiceBus({
      services,
      eventStore: context.get<EventStore>('EventStore'),
      personalKeys: context.get<ErasablePersonalKeys>('PersonalKeys'),
      snapshots: createSnapshots({ postgres: context.get<Postgres>('Postgres'), log }),
      onConflict: (type) => context.get<Counter<'type'>>('Conflicts').inc({ type }),
      elsewhere: createHttpServiceBus({
        discovery: createDiscovery({
          address: config.DOMAINS_URL ?? 'registry',
          registry: context.get<ServiceRegistry>('ServiceRegistry'),
          log,
        }),
        tokens: context.get<ServiceTokens>('ServiceTokens'),
        log,
      }),
    }),
  );
  return container;
}

function servicesOf({ CONTEXTS }: Config): readonly Service[] {
  const unknown = CONTEXTS.filter((name) => !contexts.some(({ context }) => context === name));
  if (unknown.length > 0) throw new ConfigError([`contexts must be among ${known}; ${unknown.join(', ')} is not one`]);
  return CONTEXTS.length === 0 ? contexts : contexts.filter(({ context }) => CONTEXTS.includes(context));
}
