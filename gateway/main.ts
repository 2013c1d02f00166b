import 'reflect-metadata';
import { Container } from 'inversify';
import type { Counter } from 'prom-client';
import { contexts, everyAggregate } from '../domains/contexts.js';
import { createAuditIndex } from '../infra/audit-log/audit-index.js';
import { createBundleSource } from '../infra/audit-log/export/bundle-source.js';
import { createConflictCounter } from '../infra/command-handling/conflict-counter.js';
import { createSnapshots } from '../infra/command-handling/snapshots.js';
import { masterKeyOf, type Config } from '../infra/config.js';
import { createEventStore } from '../infra/event-store/event-store.js';
import type { Log } from '../infra/logging/log.js';
import { createMongo } from '../infra/mongo/mongo.js';
import { createNoticeReader } from '../infra/payment-provider/webhooks/notice-reader.js';
import { runPolicies } from '../infra/policies/run-policies.js';
import { createPostgres } from '../infra/postgres/postgres.js';
import { untilReady } from '../infra/process/health.js';
import { runRole } from '../infra/process/role.js';
import { closeServer, listen } from '../infra/process/server.js';
import { createRedis } from '../infra/redis/redis.js';
import { breakerRulesOf } from '../infra/resilience/circuit-breaker.js';
import { guardedEngines, guardedJaeger, guardedWorkflows, type Engines } from '../infra/resilience/guarded-engines.js';
import { createGuards, type Guards } from '../infra/resilience/guards.js';
import { followErasures } from '../infra/security/erasure-notices.js';
import { createIdentity, type Identity } from '../infra/security/identity.js';
import { followIdentity } from '../infra/security/identity-notices.js';
import { createErasure, personalDataStores, type Erasure } from '../infra/security/personal-data.js';
import { createPersonalKeys, type ErasablePersonalKeys } from '../infra/security/personal-keys.js';
import { platformReactions } from '../infra/security/platform-reactions.js';
import { createServiceTokens, type ServiceTokens } from '../infra/security/service-tokens.js';
import { createHttpServiceBus } from '../infra/service-bus/http-service-bus.js';
import { createLocalServiceBus } from '../infra/service-bus/local-service-bus.js';
import { offerContexts } from '../infra/service-bus/offer-contexts.js';
import type { ServiceBus } from '../infra/service-bus/service-bus.js';
import { createDiscovery } from '../infra/service-registry/create-discovery.js';
import { createServiceRegistry, type ServiceRegistry } from '../infra/service-registry/registry.js';
import { createJaegerQuery } from '../infra/telemetry/jaeger-query.js';
import { platformVersion } from '../infra/telemetry/version.js';
import { createWorkflowReader } from '../infra/temporal/workflow-reader.js';
import { catalogWatermark } from '../projections/catalog/queries.js';
import { createOrderFeed } from '../projections/orders/queries.js';
import { createProjectionQueries } from '../projections/runner/queries.js';
import { views } from '../projections/views.js';
import { createCorrelations } from './audit/correlations.js';
import { consoleRoutes } from './console/routes.js';
import { consoleSettings } from './console/settings.js';
import { checksBeforeUse, engineChecks, roleChecks } from './health/checks.js';
import { sharedChecks } from './health/shared-checks.js';
import { createGateway } from './http/server.js';
import { createBuckets } from './limits/buckets.js';
import { createRateLimits } from './limits/rate-limits.js';
import { createCircuitGauge } from './metrics/circuit-gauge.js';
import { countedBus } from './metrics/counted-bus.js';
import { createRegistry } from './metrics/registry.js';
import { withCachedReads } from './public-cache/cached-reads.js';
import { followCatalogChanges } from './public-cache/catalog-changes.js';
import { createMemoryCache } from './public-cache/public-cache.js';
import { createRedisCache } from './public-cache/redis-cache.js';
import { apiRoutes } from './routes.js';
import { ensureFirstAccount } from './users/first-account.js';
import { createSignInThrottle } from './users/sign-in-throttle.js';
import { createViewQueries } from './view-queries.js';

await runRole('gateway', async (config, log) => {
  const container = compose(config, log);
  // Whatever a request asks is guarded; what waits for an engine as long as it takes is not.
  const engines = container.get<Engines>('Engines');
  const guarded = container.get<Engines>('GuardedEngines');
  const { postgres } = guarded;
  const identity = container.get<Identity>('Identity');
  const personalKeys = container.get<ErasablePersonalKeys>('PersonalKeys');
  const tokens = container.get<ServiceTokens>('ServiceTokens');
  const bus = container.get<ServiceBus>('ServiceBus');
  const projections = createProjectionQueries(container.get<ServiceBus>('ProjectionsBus'));
  const workflows = createWorkflowReader(config.TEMPORAL_ADDRESS);
  const auditIndex = createAuditIndex(postgres);
  const orderFeed = createOrderFeed({ postgres, log });
  const redis = config.REDIS_URL === undefined ? undefined : createRedis(config.REDIS_URL, log);
  const buckets = createBuckets(redis);
  const registry = createRegistry({ projections, postgres, workflowsUrl: config.WORKFLOWS_URL, log });
  registry.registerMetric(container.get<Counter<'type'>>('Conflicts'));
  registry.registerMetric(createCircuitGauge(container.get<Guards>('Guards').states));
  const checks = engineChecks(engines, config);
  const reached = checksBeforeUse(checks);
  let hasFirstAccount = false;

  const parts = {
    ...guarded,
    ...identity,
    bus,
    erasure: container.get<Erasure>('Erasure'),
    graceSeconds: config.GRACE_SECONDS,
  };
  const routes = apiRoutes({
    ...parts,
    ...createViewQueries({ ...guarded, personalKeys }),
    ...{ orderFeed, projections, registry },
    bus: countedBus(bus, registry),
    workflows: guardedWorkflows(workflows, container.get<Guards>('Guards')),
    jaeger: jaegerOf(config, container.get<Guards>('Guards')),
    throttle: createSignInThrottle(buckets),
    readNotice: createNoticeReader(config),
    temporalUiUrl: config.TEMPORAL_UI_URL,
    aggregates: everyAggregate,
    viewNames: views.map(({ view }) => view.name),
    ...{ auditIndex, correlations: createCorrelations({ ...guarded, index: auditIndex }) },
    bundles: createBundleSource({ auditorUrl: config.AUDITOR_URL, tokens }),
    metricsToken: config.METRICS_TOKEN,
    version: platformVersion(),
    // Whoever waits for the gateway signs in with it next.
    needed: { ...reached, 'first-account': () => Promise.resolve(hasFirstAccount) },
    others: sharedChecks({ ...checks, ...roleChecks(config) }),
  });
  const watermark = () => catalogWatermark(engines.mongo);
  const changes = followCatalogChanges({ eventStore: engines.eventStore, watermark, log });
  const rate = { perSecond: config.RATE_LIMIT_PER_SECOND, burst: config.RATE_LIMIT_BURST };
  const server = createGateway({
    routes: withCachedReads(routes, { cache: redis ? createRedisCache(redis) : createMemoryCache(), changes }),
    pages: consoleRoutes(consoleSettings(config, views)),
    accessTokens: identity.accessTokens,
    ...{ log, registry },
    corsOrigins: config.CORS_ORIGINS,
    trustedProxies: config.TRUSTED_PROXIES,
    rateLimits: createRateLimits(rate, buckets),
  });
  await listen(server, { host: config.HOST, port: config.PORT });

  const hasDomains = config.DOMAINS_URL === undefined;
  const offered = hasDomains
    ? await offerContexts({
        ...{ bus, tokens, log },
        contexts: contexts.map(({ context }) => context),
        subject: { service: 'gateway', version: platformVersion() },
        registry: container.get<ServiceRegistry>('ServiceRegistry'),
        checks: { 'event-store': checks['event-store'], postgres: checks.postgres },
        host: config.DOMAINS_HOST,
        port: config.DOMAINS_PORT,
        url: config.SERVICE_URL,
      })
    : undefined;
  const policies = hasDomains
    ? runPolicies({
        ...{ ...engines, bus, personalKeys, log },
        services: contexts,
        reactions: platformReactions(parts),
        aggregates: everyAggregate,
        graceSeconds: config.GRACE_SECONDS,
      })
    : undefined;
  const erasures = followErasures({ ...engines, personalKeys });
  const identityNotices = followIdentity({ ...engines, ...identity, log });

  const stopping = new AbortController();
  const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = config;
  const seesToFirstAccount = async () => {
    // An engine that starts as well is not unwell: to ask it before would open its circuit.
    await untilReady(reached, stopping.signal);
    if (password !== undefined) await ensureFirstAccount({ ...parts, log }, { email, password }, stopping.signal);
    hasFirstAccount = true;
  };
  const firstAccount = seesToFirstAccount();
  return {
    stop: async () => {
      stopping.abort();
      const followers = [offered, policies, erasures, identityNotices, changes];
      const closed = closeServer(server).then(orderFeed.stop);
      await Promise.all([closed, firstAccount, ...followers.map((follower) => follower?.stop())]);
      redis?.close();
      const { eventStore: store, postgres: pool, mongo } = engines;
      await Promise.all([store.dispose(), pool.end(), mongo.close(), workflows.close()]);
    },
  };
});

function jaegerOf({ JAEGER_QUERY_URL: url }: Config, guards: Guards) {
  return url === undefined ? null : guardedJaeger(createJaegerQuery(url), guards);
}

/** Everything that more than one part needs. Nothing connects before it is used. */
function compose(config: Config, log: Log): Container {
  const masterKey = masterKeyOf(config);
  const rules = breakerRulesOf(config);
  const container = new Container({ defaultScope: 'Singleton' });
  container.bind<Counter<'type'>>('Conflicts').toDynamicValue(createConflictCounter);
  container.bind<Engines>('Engines').toDynamicValue(() => ({
    eventStore: createEventStore(config.EVENTSTORE_URL),
    postgres: createPostgres(config.POSTGRES_URL),
    mongo: createMongo(config.MONGODB_URL),
  }));
  container.bind<Guards>('Guards').toDynamicValue(() => createGuards({ log, rules }));
  container
    .bind<Engines>('GuardedEngines')
    .toDynamicValue((context) => guardedEngines(context.get<Engines>('Engines'), context.get<Guards>('Guards')));
  container
    .bind<Identity>('Identity')
    .toDynamicValue((context) => createIdentity({ ...context.get<Engines>('GuardedEngines'), masterKey }));
  container
    .bind<ErasablePersonalKeys>('PersonalKeys')
    .toDynamicValue((context) => createPersonalKeys({ ...context.get<Engines>('GuardedEngines'), masterKey }));
  container.bind<Erasure>('Erasure').toDynamicValue((context) =>
    createErasure({
      ...context.get<Identity>('Identity'),
      personalKeys: context.get<ErasablePersonalKeys>('PersonalKeys'),
      stores: personalDataStores({ dataDir: config.DATA_DIR }),
    }),
  );
  container
    .bind<ServiceRegistry>('ServiceRegistry')
    .toDynamicValue((context) => createServiceRegistry(context.get<Engines>('GuardedEngines').postgres));
  container
    .bind<ServiceTokens>('ServiceTokens')
    .toDynamicValue((context) => createServiceTokens({ ...context.get<Identity>('Identity'), service: 'gateway' }));
  container.bind<ServiceBus>('ProjectionsBus').toDynamicValue((context) =>
    createHttpServiceBus({
      discovery: { instancesOf: () => Promise.resolve([config.PROJECTIONS_URL.replace(/\/+$/, '')]) },
      tokens: context.get<ServiceTokens>('ServiceTokens'),
      patience: { deadlineMs: 10_000 },
      ...{ rules, log },
    }),
  );
  container.bind<ServiceBus>('ServiceBus').toDynamicValue((context) => {
    const address = config.DOMAINS_URL;
    if (address === undefined) {
      const { eventStore, postgres } = context.get<Engines>('GuardedEngines');
      return createLocalServiceBus({
        services: contexts,
        eventStore,
        personalKeys: context.get<ErasablePersonalKeys>('PersonalKeys'),
        snapshots: createSnapshots({ postgres, log }),
        onConflict: (type) => context.get<Counter<'type'>>('Conflicts').inc({ type }),
      });
    }
    const registry = context.get<ServiceRegistry>('ServiceRegistry');
    return createHttpServiceBus({
      discovery: createDiscovery({ address, registry, log }),
      tokens: context.get<ServiceTokens>('ServiceTokens'),
      ...{ rules, log },
    });
  });
  return container;
}
