import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Container } from 'inversify';
import { everyAggregate } from '../domains/contexts.js';
import type { Config } from '../infra/config.js';
import { createEventStore, type EventStore } from '../infra/event-store/event-store.js';
import type { Log } from '../infra/logging/log.js';
import { createMongo, type Mongo } from '../infra/mongo/mongo.js';
import { createPostgres, type Postgres } from '../infra/postgres/postgres.js';
import type { ReadinessChecks } from '../infra/process/health.js';
import { serveHealth } from '../infra/process/health-server.js';
import { runRole, type RunningRole } from '../infra/process/role.js';
import { closeServer } from '../infra/process/server.js';
import { readEvents } from './runner/read-events.js';
import { runProjections, type RunningProjections } from './runner/runner.js';
import { createViewBuilds } from './runner/view-builds.js';
import { views } from './views.js';

const names = {
  log: Symbol('log'),
  eventStore: Symbol('event store'),
  postgres: Symbol('postgres'),
  mongo: Symbol('mongo'),
  projections: Symbol('projections'),
};

const compose = (config: Config, log: Log): Container => {
  const container = new Container({ defaultScope: 'Singleton' });
  container.bind<Log>(names.log).toConstantValue(log);
  container.bind<EventStore>(names.eventStore).toDynamicValue(() => createEventStore(config.EVENTSTORE_URL));
  container.bind<Postgres>(names.postgres).toDynamicValue(() => createPostgres(config.POSTGRES_URL, connections));
  container.bind<Mongo>(names.mongo).toDynamicValue(() => createMongo(config.MONGODB_URL));
  container.bind<RunningProjections>(names.projections).toDynamicValue(() => runViews(container));
  return container;
};

/** Each view may be within a transaction while others are, and while leases are renewed. */
const connections = 2 * views.length + 4;

const runViews = (container: Container): RunningProjections => {
  const postgres = container.get<Postgres>(names.postgres);
  const mongo = container.get<Mongo>(names.mongo);
  return runProjections({
    builds: createViewBuilds(views, { postgres, mongo }),
    postgres,
    eventStore: container.get<EventStore>(names.eventStore),
    log: container.get<Log>(names.log),
    read: readEvents(everyAggregate),
    instance: `${hostname()}/${process.pid}/${randomUUID()}`,
  });
};

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
  const health = await serveHealth({ host, port }, checksOf(container));
  return {
    stop: async () => {
      await closeServer(health);
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
