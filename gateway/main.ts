import 'reflect-metadata';
import { Container } from 'inversify';
import { contexts, everyAggregate } from '../domains/contexts.js';
import { masterKeyOf, type Config } from '../infra/config.js';
import { createEventStore, type EventStore } from '../infra/event-store/event-store.js';
import { createMongo, type Mongo } from '../infra/mongo/mongo.js';
import type { Log } from '../infra/logging/log.js';
import { createPostgres, type Postgres } from '../infra/postgres/postgres.js';
import { createRedis } from '../infra/redis/redis.js';
import { createNoticeReader } from '../infra/payment-provider/webhooks/notice-reader.js';
import { runPolicies } from '../infra/policies/run-policies.js';
import { createSnapshots } from '../infra/command-handling/snapshots.js';
import { runRole } from '../infra/process/role.js';
import { closeServer, listen } from '../infra/process/server.js';
import { createAccessTokens, type AccessTokens } from '../infra/security/access-tokens.js';
import { createCredentials, type Credentials } from '../infra/security/credentials.js';
import { createKeyring, type Keyring } from '../infra/security/keyring.js';
import { createLookups, type Lookups } from '../infra/security/lookups.js';
import { platformReactions } from '../infra/security/platform-reactions.js';
import { followErasures } from '../infra/security/erasure-notices.js';
import { createErasure, personalDataStores, type Erasure } from '../infra/security/personal-data.js';
import { createPersonalKeys, type ErasablePersonalKeys } from '../infra/security/personal-keys.js';
import { createRefreshTokens, type RefreshTokens } from '../infra/security/refresh-tokens.js';
import { createServiceTokens, type ServiceTokens } from '../infra/security/service-tokens.js';
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
import { createCatalogQueries } from '../projections/catalog/queries.js';
import { createNotificationQueries } from '../projections/notifications/queries.js';
import { createOrderFeed, createOrderQueries, newestOrderEvent } from '../projections/orders/queries.js';
import { createPaymentQueries } from '../projections/payments/queries.js';
import { createProjectionQueries } from '../projections/runner/queries.js';
import { createStockQueries } from '../projections/stock/queries.js';
import { engineChecks, roleChecks } from './health/checks.js';
import { createGateway } from './http/server.js';
import { createBuckets } from './limits/buckets.js';
import { createRateLimits } from './limits/rate-limits.js';
import { apiRoutes } from './routes.js';
import { ensureFirstAccount } from './users/first-account.js';
import { createSignInThrottle } from './users/sign-in-throttle.js';

await runRole('gateway', async (config, log) => {
  const container = compose(config, log);
  const shared = partsOf(container);
  const { eventStore, postgres, mongo, bus, accessTokens } = shared;
  const parts = { ...shared, graceSeconds: config.GRACE_SECONDS };
  const redis = config.REDIS_URL === undefined ? undefined : createRedis(config.REDIS_URL, log);
  const buckets = createBuckets(redis);
  const rate = { perSecond: config.RATE_LIMIT_PER_SECOND, burst: config.RATE_LIMIT_BURST };
  const workflows = createWorkflowReader(config.TEMPORAL_ADDRESS);
  const orderFeed = createOrderFeed({ postgres, log });
  const projectionsBus = createHttpServiceBus({
    discovery: { instancesOf: () => Promise.resolve([config.PROJECTIONS_URL.replace(/\/+$/, '')]) },
    tokens: container.get<ServiceTokens>('ServiceTokens'),
    log,
  });
  const needed = engineChecks({ eventStore, postgres, mongo }, config);
  let hasFirstAccount = false;
  const routes = apiRoutes({
    ...parts,
    accounts: createAccountQueries(postgres, container.get<ErasablePersonalKeys>('PersonalKeys')),
    orders: createOrderQueries(postgres),
    newestOrderEvent: newestOrderEvent(eventStore, postgres),
    orderFeed,
    payments: createPaymentQueries(postgres),
    stock: createStockQueries(postgres),
    catalog: createCatalogQueries(mongo),
    carts: createCartQueries(mongo),
    notifications: createNotificationQueries(mongo),
    projections: createProjectionQueries(projectionsBus),
    workflows,
    temporalUiUrl: config.TEMPORAL_UI_URL,
    readNotice: createNoticeReader(config),
    throttle: createSignInThrottle(buckets),
    version: platformVersion(),
    // Whoever waits for the gateway signs in with it next.
    needed: { ...needed, 'first-account': () => Promise.resolve(hasFirstAccount) },
    others: roleChecks(config),
  });

  const server = createGateway({ routes, accessTokens, log, rateLimits: createRateLimits(rate, buckets) });
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
  const erasures = followErasures({ postgres, personalKeys });
  const policies =
    config.DOMAINS_URL === undefined
      ? runPolicies({
          services: contexts,
          reactions: platformReactions(parts),
          aggregates: everyAggregate,
          graceSeconds: config.GRACE_SECONDS,
          ...{ bus, personalKeys, eventStore, postgres, log },
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
      await Promise.all([closeServer(server).then(orderFeed.stop), offered?.stop(), policies?.stop(), erasures.stop()]);
      redis?.close();
      await Promise.all([eventStore.dispose(), postgres.end(), mongo.close(), workflows.close()]);
    },
  };
});

/** Everything that more than one part needs. Nothing connects before it is used. */
function compose(config: Config, log: Log): Container {
  const masterKey = masterKeyOf(config);
  const container = new Container({ defaultScope: 'Singleton' });
  container.bind<EventStore>('EventStore').toDynamicValue(() => createEventStore(config.EVENTSTORE_URL));
  container.bind<Postgres>('Postgres').toDynamicValue(() => createPostgres(config.POSTGRES_URL));
  container.bind<Mongo>('Mongo').toDynamicValue(() => createMongo(config.MONGODB_URL));
  container
    .bind<Keyring>('Keyring')
    .toDynamicValue((context) => createKeyring({ postgres: context.get<Postgres>('Postgres'), masterKey }));
  container
    .bind<Credentials>('Credentials')
    .toDynamicValue((context) => createCredentials(context.get<Postgres>('Postgres')));
  container
    .bind<RefreshTokens>('RefreshTokens')
    .toDynamicValue((context) => createRefreshTokens(context.get<Postgres>('Postgres')));
  container
    .bind<AccessTokens>('AccessTokens')
    .toDynamicValue((context) => createAccessTokens(context.get<Keyring>('Keyring')));
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
        })
      : createHttpServiceBus({
          discovery: createDiscovery({
            address: config.DOMAINS_URL,
            registry: context.get<ServiceRegistry>('ServiceRegistry'),
            log,
          }),
          tokens: context.get<ServiceTokens>('ServiceTokens'),
          log,
        }),
  );
  return container;
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
