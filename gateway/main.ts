import 'reflect-metadata';
import { Container } from 'inversify';
import type { Counter } from 'prom-client';
import { contexts, everyAggregate } from '../domains/contexts.js';
import { masterKeyOf, type Config } from '../infra/config.js';
import { createEventStore, type EventStore } from '../infra/event-store/event-store.js';
import { createMongo, type Mongo } from '../infra/mongo/mongo.js';
import type { Log } from '../infra/logging/log.js';
import { createPostgres, type Postgres } from '../infra/postgres/postgres.js';
import { createRedis } from '../infra/redis/redis.js';
import { createNoticeReader } from '../infra/payment-provider/webhooks/notice-reader.js';
import { runPolicies } from '../infra/policies/run-policies.js';
import { createConflictCounter } from '../infra/command-handling/conflict-counter.js';
import { createSnapshots } from '../infra/command-handling/snapshots.js';
import { runRole } from '../infra/process/role.js';
import { closeServer, listen } from '../infra/process/server.js';
import {
  guardedEventStore,
  guardedMongo,
  guardedPostgres,
  guardedWorkflows,
} from '../infra/resilience/guarded-engines.js';
import { createGuards, type Guards } from '../infra/resilience/guards.js';
import { createAccessTokens, type AccessTokens } from '../infra/security/access-tokens.js';
import { createCredentials, type Credentials } from '../infra/security/credentials.js';
import { followIdentity } from '../infra/security/identity-notices.js';
import { createKeyring, type Keyring } from '../infra/security/keyring.js';
import { createSigningKeys, type KnownSigningKeys } from '../infra/security/known-signing-keys.js';
import { createLookups, type Lookups } from '../infra/security/lookups.js';
import { platformReactions } from '../infra/security/platform-reactions.js';
import { followErasures } from '../infra/security/erasure-notices.js';
import { createErasure, personalDataStores, type Erasure } from '../infra/security/personal-data.js';
import { createPersonalKeys, type ErasablePersonalKeys } from '../infra/security/personal-keys.js';
import { createRefreshTokens, type RefreshTokens } from '../infra/security/refresh-tokens.js';
import { createRevokedSessions, type RevokedSessions } from '../infra/security/revoked-sessions.js';
import { createServiceTokens, type ServiceTokens } from '../infra/security/service-tokens.js';
import { breakerRules, type BreakerRules } from '../infra/service-bus/circuit-breaker.js';
import { createHttpServiceBus } from '../infra/service-bus/http-service-bus.js';
import { createLocalServiceBus } from '../infra/service-bus/local-service-bus.js';
import { offerContexts } from '../infra/service-bus/offer-contexts.js';
import type { ServiceBus } from '../infra/service-bus/service-bus.js';
import { createDiscovery } from '../infra/service-registry/create-discovery.js';
import { createServiceRegistry, type ServiceRegistry } from '../infra/service-registry/registry.js';
import { platformVersion } from '../infra/telemetry/version.js';
import { createWorkflowReader } from '../infra/temporal/workflow-reader.js';
import { createAccountQueries } from '../projections/accounts/queries.js';
import { createCartQueries } from '../projections/carts/queries.js';
import { catalogWatermark, createCatalogQueries } from '../projections/catalog/queries.js';
import { createNotificationQueries } from '../projections/notifications/queries.js';
import { createOrderFeed, createOrderQueries, newestOrderEvent } from '../projections/orders/queries.js';
import { createPaymentQueries } from '../projections/payments/queries.js';
import { createProjectionQueries } from '../projections/runner/queries.js';
import { createStockQueries } from '../projections/stock/queries.js';
import { engineChecks, roleChecks } from './health/checks.js';
import { createGateway } from './http/server.js';
import { createBuckets } from './limits/buckets.js';
import { createRateLimits } from './limits/rate-limits.js';
import { countedBus } from './metrics/counted-bus.js';
import { createRegistry } from './metrics/registry.js';
import { withCachedReads } from './public-cache/cached-reads.js';
import { followCatalogChanges } from './public-cache/catalog-changes.js';
import { createMemoryCache } from './public-cache/public-cache.js';
import { createRedisCache } from './public-cache/redis-cache.js';
import { apiRoutes } from './routes.js';
import { ensureFirstAccount } from './users/first-account.js';
import { createSignInThrottle } from './users/sign-in-throttle.js';

await runRole('gateway', async (config, log) => {
  const container = compose(config, log);
  const shared = partsOf(container);
  const { eventStore, postgres, mongo, bus, accessTokens } = shared;
  const parts = { ...shared, graceSeconds: config.GRACE_SECONDS };
  const engines = enginesOf(container);
  const redis = config.REDIS_URL === undefined ? undefined : createRedis(config.REDIS_URL, log);
  const buckets = createBuckets(redis);
  const rate = { perSecond: config.RATE_LIMIT_PER_SECOND, burst: config.RATE_LIMIT_BURST };
  const workflows = createWorkflowReader(config.TEMPORAL_ADDRESS);
  const orderFeed = createOrderFeed({ postgres, log });
  const projectionsBus = createHttpServiceBus({
    discovery: { instancesOf: () => Promise.resolve([config.PROJECTIONS_URL.replace(/\/+$/, '')]) },
    tokens: container.get<ServiceTokens>('ServiceTokens'),
    rules: rulesOf(config),
    patience: { deadlineMs: 10_000 },
    log,
  });
  const projections = createProjectionQueries(projectionsBus);
  const registry = createRegistry({ projections, postgres, workflowsUrl: config.WORKFLOWS_URL, log });
  registry.registerMetric(container.get<Counter<'type'>>('Conflicts'));
  const needed = engineChecks(engines, config);
  let hasFirstAccount = false;
  const routes = apiRoutes({
    ...parts,
    bus: countedBus(bus, registry),
    registry,
    metricsToken: config.METRICS_TOKEN,
    accounts: createAccountQueries(postgres, container.get<ErasablePersonalKeys>('PersonalKeys')),
    orders: createOrderQueries(postgres),
    newestOrderEvent: newestOrderEvent(eventStore, postgres),
    orderFeed,
    payments: createPaymentQueries(postgres),
    stock: createStockQueries(postgres),
    catalog: createCatalogQueries(mongo),
    carts: createCartQueries(mongo),
    notifications: createNotificationQueries(mongo),
    projections,
    workflows: guardedWorkflows(workflows, container.get<Guards>('Guards')),
    temporalUiUrl: config.TEMPORAL_UI_URL,
    readNotice: createNoticeReader(config),
    throttle: createSignInThrottle(buckets),
    version: platformVersion(),
    // Whoever waits for the gateway signs in with it next.
    needed: { ...needed, 'first-account': () => Promise.resolve(hasFirstAccount) },
    others: roleChecks(config),
  });

  const changes = followCatalogChanges({
    eventStore: engines.eventStore,
    watermark: () => catalogWatermark(engines.mongo),
    log,
  });
  const server = createGateway({
    routes: withCachedReads(routes, { cache: redis ? createRedisCache(redis) : createMemoryCache(), changes }),
    accessTokens,
    log,
    registry,
    corsOrigins: config.CORS_ORIGINS,
    rateLimits: createRateLimits(rate, buckets),
  });
  await listen(server, { host: config.HOST, port: config.PORT });
  const offered =
    config.DOMAINS_URL === undefined
      ? await offerContexts({
          bus,
          contexts: contexts.map(({ context }) => context),
          subject: { service: 'gateway', version: platformVersion() },
          tokens: container.get<ServiceTokens>('ServiceTokens'),
          registry: container.get<ServiceRegistry>('ServiceRegistry'),
          log,
          checks: { 'event-store': needed['event-store'], postgres: needed['postgres'] },
          host: config.DOMAINS_HOST,
          port: config.DOMAINS_PORT,
          url: config.SERVICE_URL,
        })
      : undefined;

  const personalKeys = container.get<ErasablePersonalKeys>('PersonalKeys');
  const erasures = followErasures({ ...engines, personalKeys });
  const identity = followIdentity({
    ...engines,
    signingKeys: container.get<KnownSigningKeys>('SigningKeys'),
    revokedSessions: container.get<RevokedSessions>('RevokedSessions'),
    log,
  });
  const policies =
    config.DOMAINS_URL === undefined
      ? runPolicies({
          services: contexts,
          reactions: platformReactions(parts),
          aggregates: everyAggregate,
          graceSeconds: config.GRACE_SECONDS,
          ...{ bus, personalKeys, log, ...engines },
        })
      : undefined;

  const stopping = new AbortController();
  const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = config;
  const seesToFirstAccount = async () => {
    if (password !== undefined) await ensureFirstAccount({ ...parts, log }, { email, password }, stopping.signal);
    hasFirstAccount = true;
  };
  const firstAccount = seesToFirstAccount();
  return {
    stop: async () => {
      stopping.abort();
      await firstAccount;
      await Promise.all([
        closeServer(server).then(orderFeed.stop),
        offered?.stop(),
        policies?.stop(),
        erasures.stop(),
        identity.stop(),
        changes.stop(),
      ]);
      redis?.close();
      await Promise.all([
        engines.eventStore.dispose(),
        engines.postgres.end(),
        engines.mongo.close(),
        workflows.close(),
      ]);
    },
  };
});

/** Everything that more than one part needs. Nothing connects before it is used. */
function compose(config: Config, log: Log): Container {
  const masterKey = masterKeyOf(config);
  const container = new Container({ defaultScope: 'Singleton' });
  container.bind<Counter<'type'>>('Conflicts').toDynamicValue(createConflictCounter);
  container.bind<Engines>('Engines').toDynamicValue(() => ({
    eventStore: createEventStore(config.EVENTSTORE_URL),
    postgres: createPostgres(config.POSTGRES_URL),
    mongo: createMongo(config.MONGODB_URL),
  }));
  container.bind<Guards>('Guards').toDynamicValue(() => createGuards({ log, rules: rulesOf(config) }));
  container
    .bind<EventStore>('EventStore')
    .toDynamicValue((context) => guardedEventStore(enginesOf(context).eventStore, context.get<Guards>('Guards')));
  container
    .bind<Postgres>('Postgres')
    .toDynamicValue((context) => guardedPostgres(enginesOf(context).postgres, context.get<Guards>('Guards')));
  container
    .bind<Mongo>('Mongo')
    .toDynamicValue((context) => guardedMongo(enginesOf(context).mongo, context.get<Guards>('Guards')));
  container
    .bind<Keyring>('Keyring')
    .toDynamicValue((context) => createKeyring({ postgres: context.get<Postgres>('Postgres'), masterKey }));
  container
    .bind<Credentials>('Credentials')
    .toDynamicValue((context) => createCredentials(context.get<Postgres>('Postgres')));
  container
    .bind<RefreshTokens>('RefreshTokens')
    .toDynamicValue((context) =>
      createRefreshTokens(context.get<Postgres>('Postgres'), context.get<RevokedSessions>('RevokedSessions')),
    );
  container
    .bind<RevokedSessions>('RevokedSessions')
    .toDynamicValue((context) => createRevokedSessions(context.get<Postgres>('Postgres')));
  container
    .bind<KnownSigningKeys>('SigningKeys')
    .toDynamicValue((context) => createSigningKeys({ postgres: context.get<Postgres>('Postgres'), masterKey }));
  container.bind<AccessTokens>('AccessTokens').toDynamicValue((context) =>
    createAccessTokens({
      signingKeys: context.get<KnownSigningKeys>('SigningKeys'),
      revokedSessions: context.get<RevokedSessions>('RevokedSessions'),
    }),
  );
  container.bind<Lookups>('Lookups').toDynamicValue((context) => createLookups(context.get<Keyring>('Keyring')));
  container
    .bind<ServiceRegistry>('ServiceRegistry')
    .toDynamicValue((context) => createServiceRegistry(context.get<Postgres>('Postgres')));
  container
    .bind<ServiceTokens>('ServiceTokens')
    .toDynamicValue((context) => createServiceTokens({ keyring: context.get<Keyring>('Keyring'), service: 'gateway' }));
  container
    .bind<ErasablePersonalKeys>('PersonalKeys')
    .toDynamicValue((context) => createPersonalKeys({ postgres: context.get<Postgres>('Postgres'), masterKey }));
  container.bind<Erasure>('Erasure').toDynamicValue((context) =>
    createErasure({
      personalKeys: context.get<ErasablePersonalKeys>('PersonalKeys'),
      credentials: context.get<Credentials>('Credentials'),
      refreshTokens: context.get<RefreshTokens>('RefreshTokens'),
      stores: personalDataStores({ dataDir: config.DATA_DIR }),
    }),
  );
  container.bind<ServiceBus>('ServiceBus').toDynamicValue((context) =>
    config.DOMAINS_URL === undefined
      ? createLocalServiceBus({
          services: contexts,
          eventStore: context.get<EventStore>('EventStore'),
          personalKeys: context.get<ErasablePersonalKeys>('PersonalKeys'),
          snapshots: createSnapshots({ postgres: context.get<Postgres>('Postgres'), log }),
          onConflict: (type) => context.get<Counter<'type'>>('Conflicts').inc({ type }),
        })
      : createHttpServiceBus({
          discovery: createDiscovery({
            address: config.DOMAINS_URL,
            registry: context.get<ServiceRegistry>('ServiceRegistry'),
            log,
          }),
          tokens: context.get<ServiceTokens>('ServiceTokens'),
          rules: rulesOf(config),
          log,
        }),
  );
  return container;
}

/** What the guards stand before: for those who wait for an engine as long as it takes. */
type Engines = Readonly<{ eventStore: EventStore; postgres: Postgres; mongo: Mongo }>;

function enginesOf(context: Pick<Container, 'get'>): Engines {
  return context.get<Engines>('Engines');
}

function rulesOf({ CIRCUIT_OPEN_SECONDS: seconds }: Config): BreakerRules {
  return { ...breakerRules, openMs: seconds * 1_000 };
}

function partsOf(container: Container) {
  return {
    eventStore: container.get<EventStore>('EventStore'),
    postgres: container.get<Postgres>('Postgres'),
    mongo: container.get<Mongo>('Mongo'),
    bus: container.get<ServiceBus>('ServiceBus'),
    credentials: container.get<Credentials>('Credentials'),
    accessTokens: container.get<AccessTokens>('AccessTokens'),
    refreshTokens: container.get<RefreshTokens>('RefreshTokens'),
    lookups: container.get<Lookups>('Lookups'),
    erasure: container.get<Erasure>('Erasure'),
  };
}
