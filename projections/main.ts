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
import { carts } from './carts/projection.js';
import { catalogIndexes } from './catalog/indexes.js';
import { catalog } from './catalog/projection.js';
import { customers } from './customers/projection.js';
import { notifications } from './notifications/projection.js';
import { orders } from './orders/projection.js';
import { ordersTable } from './orders/table.js';
import { payments } from './payments/projection.js';
import { isLive } from './runner/caught-up.js';
import { createMongoStore } from './runner/mongo-store.js';
import { createPostgresStore } from './runner/postgres-store.js';
import { presentFor } from './runner/present.js';
import { runView, type RunningView } from './runner/running-view.js';
import { stock } from './stock/projection.js';

const names = {
  config: Symbol('config'),
  log: Symbol('log'),
  eventStore: Symbol('event store'),
  postgres: Symbol('postgres'),
  mongo: Symbol('mongo'),
  views: Symbol('views'),
};

const compose = (config: Config, log: Log): Container => {
  const container = new Container({ defaultScope: 'Singleton' });
  container.bind<Config>(names.config).toConstantValue(config);
  container.bind<Log>(names.log).toConstantValue(log);
  container.bind<EventStore>(names.eventStore).toDynamicValue(() => createEventStore(config.EVENTSTORE_URL));
  container.bind<Postgres>(names.postgres).toDynamicValue(() => createPostgres(config.POSTGRES_URL));
  container.bind<Mongo>(names.mongo).toDynamicValue(() => createMongo(config.MONGODB_URL));
  container.bind<readonly RunningView[]>(names.views).toDynamicValue(() => runViews(container));
  return container;
};

const runViews = (container: Container): readonly RunningView[] => {
  const postgres = container.get<Postgres>(names.postgres);
  const mongo = container.get<Mongo>(names.mongo);
  const options = {
    eventStore: container.get<EventStore>(names.eventStore),
    log: container.get<Log>(names.log),
    present: presentFor(everyAggregate),
  };
  return [
    runView(orders, createPostgresStore(postgres, orders, ordersTable), options),
    runView(stock, createPostgresStore(postgres, stock), options),
    runView(payments, createPostgresStore(postgres, payments), options),
    runView(catalog, createMongoStore(mongo, catalog, catalogIndexes), options),
    runView(carts, createMongoStore(mongo, carts), options),
    runView(customers, createMongoStore(mongo, customers), options),
    runView(notifications, createMongoStore(mongo, notifications), options),
  ];
};

const checksOf = (container: Container): ReadinessChecks => {
  const eventStore = container.get<EventStore>(names.eventStore);
  const views = container.get<readonly RunningView[]>(names.views);
  return {
    'event-store': () => eventStore.head().then(() => true),
    postgres: () =>
      container
        .get<Postgres>(names.postgres)
        .query('select 1')
        .then(() => true),
    mongodb: container.get<Mongo>(names.mongo).isReachable,
    ...Object.fromEntries(views.map((running) => [`view:${running.view.name}`, () => isLive(running, eventStore)])),
  };
};

const start = async (config: Config, log: Log): Promise<RunningRole> => {
  const container = compose(config, log);
  const { HEALTH_HOST: host, PROJECTIONS_PORT: port } = config;
  const health = await serveHealth({ host, port }, checksOf(container));
  return {
    stop: async () => {
      await closeServer(health);
      await Promise.all(container.get<readonly RunningView[]>(names.views).map((view) => view.stop()));
      await Promise.all([
        container.get<EventStore>(names.eventStore).dispose(),
        container.get<Postgres>(names.postgres).end(),
        container.get<Mongo>(names.mongo).close(),
      ]);
    },
  };
};

await runRole('projections', start);
