import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { hostname } from 'node:os';
import { Container } from 'inversify';
import { everyAggregate } from '../domains/contexts.js';
import { masterKeyOf, type Config } from '../infra/config.js';
import { createEventStore, type EventStore } from '../infra/event-store/event-store.js';
import type { Log } from '../infra/logging/log.js';
import { createMongo, type Mongo } from '../infra/mongo/mongo.js';
import { createPostgres, type Postgres } from '../infra/postgres/postgres.js';
import type { ReadinessChecks } from '../infra/process/health.js';
import { runRole, type RunningRole } from '../infra/process/role.js';
import { closeServer, listen } from '../infra/process/server.js';
import { createKeyring } from '../infra/security/keyring.js';
import { createServiceTokens, type ServiceTokens } from '../infra/security/service-tokens.js';
import { createServiceEndpoint } from '../infra/service-bus/service-endpoint.js';
import { platformVersion } from '../infra/telemetry/version.js';
import { createOperationsBus, projectionsContext } from './runner/operations-bus.js';
import { createOperations, type Operations } from './runner/operations.js';
import { readEvents } from './runner/read-events.js';
import { runProjections, type RunningProjections } from './runner/runner.js';
import { createViewBuilds, type ViewBuilds } from './runner/view-builds.js';
import { addViewMetrics } from './runner/view-metrics.js';
import { views } from './views.js';

const names = {
  log: Symbol('log'),
  eventStore: Symbol('event store'),
  postgres: Symbol('postgres'),
  mongo: Symbol('mongo'),
  serviceTokens: Symbol('service tokens'),
  builds: Symbol('builds'),
  operations: Symbol('operations'),
  projections: Symbol('projections'),
};

const compose = (config: Config, log: Log): Container => {
  const container = new Container({ defaultScope: 'Singleton' });
  container.bind<Log>(names.log).toConstantValue(log);
  container.bind<EventStore>(names.eventStore).toDynamicValue(() => createEventStore(config.EVENTSTORE_URL));
  container.bind<Postgres>(names.postgres).toDynamicValue(() => createPostgres(config.POSTGRES_URL, connections));
  container.bind<Mongo>(names.mongo).toDynamicValue(() => createMongo(config.MONGODB_URL));
  container.bind<ServiceTokens>(names.serviceTokens).toDynamicValue((context) => {
    const keyring = createKeyring({ postgres: context.get<Postgres>(names.postgres), masterKey: masterKeyOf(config) });
    return createServiceTokens({ keyring, service: 'projections' });
  });
  container.bind<ViewBuilds>(names.builds).toDynamicValue((context) =>
    createViewBuilds(views, {
      postgres: context.get<Postgres>(names.postgres),
      mongo: context.get<Mongo>(names.mongo),
    }),
  );
  container.bind<Operations>(names.operations).toDynamicValue((context) =>
    createOperations({
      builds: context.get<ViewBuilds>(names.builds),
      postgres: context.get<Postgres>(names.postgres),
      eventStore: context.get<EventStore>(names.eventStore),
    }),
  );
  container.bind<RunningProjections>(names.projections).toDynamicValue(() => runViews(container));
  return container;
};

/** Each view may be within a transaction while others are, while leases are renewed and while a replay is made. */
const connections = 2 * views.length + 6;

const runViews = (container: Container): RunningProjections =>
  runProjections({
    builds: container.get<ViewBuilds>(names.builds),
    postgres: container.get<Postgres>(names.postgres),
    eventStore: container.get<EventStore>(names.eventStore),
    log: container.get<Log>(names.log),
    read: readEvents(everyAggregate),
    instance: `${hostname()}/${process.pid}/${randomUUID()}`,
  });

const checksOf = (container: Container): ReadinessChecks => {
  const eventStore = container.get<EventStore>(names.eventStore);
  const projections = container.get<RunningProjections>(names.projections);
  return {
    'event-store': () => eventStore.head().then(() => true),
    postgres: () =>
      container
        .get<Postgres>(names.postgres)
        .query('select 1')
        .then(() => true),
    mongodb: container.get<Mongo>(names.mongo).isReachable,
    ...Object.fromEntries(views.map(({ view: { name } }) => [`view:${name}`, () => projections.isLive(name)])),
  };
};

const start = async (config: Config, log: Log): Promise<RunningRole> => {
  const container = compose(config, log);
  const postgres = container.get<Postgres>(names.postgres);
  const { HEALTH_HOST: host, PROJECTIONS_PORT: port } = config;
  const operations = container.get<Operations>(names.operations);
  const server = createServer(
    createServiceEndpoint({
      bus: createOperationsBus(operations),
      contexts: [projectionsContext],
      subject: { service: 'projections', version: platformVersion() },
      tokens: container.get<ServiceTokens>(names.serviceTokens),
      log,
      checks: checksOf(container),
      addMetrics: (registry) => addViewMetrics(registry, operations, log),
    }),
  );
  await listen(server, { host, port });
  return {
    stop: async () => {
      await closeServer(server);
      await container.get<RunningProjections>(names.projections).stop();
      await Promise.all([
        container.get<EventStore>(names.eventStore).dispose(),
        postgres.end(),
        container.get<Mongo>(names.mongo).close(),
      ]);
    },
  };
};

await runRole('projections', start);
