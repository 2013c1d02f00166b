import 'reflect-metadata';
import { createServer } from 'node:http';
import { Container } from 'inversify';
import { ConfigError, masterKeyOf, type Config } from '../infra/config.js';
import { createEventStore, type EventStore } from '../infra/event-store/event-store.js';
import { createPostgres, type Postgres } from '../infra/postgres/postgres.js';
import { closeServer, listen } from '../infra/process/health-server.js';
import { runRole } from '../infra/process/role.js';
import { createPersonalKeys, type PersonalKeys } from '../infra/security/personal-keys.js';
import { createHttpServiceBus } from '../infra/service-bus/http-service-bus.js';
import { createLocalServiceBus } from '../infra/service-bus/local-service-bus.js';
import type { ServiceBus } from '../infra/service-bus/service-bus.js';
import { createServiceEndpoint } from '../infra/service-bus/service-endpoint.js';
import { contexts } from './contexts.js';
import type { Service } from './shared/service.js';

await runRole('domains', async (config, log) => {
  const services = servicesOf(config);
  const masterKey = masterKeyOf(config);
  const container = new Container({ defaultScope: 'Singleton' });
  container.bind<EventStore>('EventStore').toDynamicValue(() => createEventStore(config.EVENTSTORE_URL));
  container.bind<Postgres>('Postgres').toDynamicValue(() => createPostgres(config.POSTGRES_URL));
  container
    .bind<PersonalKeys>('PersonalKeys')
    .toDynamicValue((context) => createPersonalKeys({ postgres: context.get<Postgres>('Postgres'), masterKey }));
  container.bind<ServiceBus>('ServiceBus').toDynamicValue((context) =>
    createLocalServiceBus({
      services,
      eventStore: context.get<EventStore>('EventStore'),
      personalKeys: context.get<PersonalKeys>('PersonalKeys'),
      elsewhere:
        config.DOMAINS_URL === undefined ? undefined : createHttpServiceBus({ url: config.DOMAINS_URL, masterKey }),
    }),
  );

  const eventStore = container.get<EventStore>('EventStore');
  const postgres = container.get<Postgres>('Postgres');
  const bus = container.get<ServiceBus>('ServiceBus');
  const checks = {
    'event-store': () => eventStore.head().then(() => true),
    postgres: () => postgres.query('select 1').then(() => true),
  };
  const server = createServer(createServiceEndpoint({ bus, masterKey, log, checks }));
  await listen(server, { host: config.DOMAINS_HOST, port: config.DOMAINS_PORT });
  return {
    stop: async () => {
      await closeServer(server);
      await eventStore.dispose();
      await postgres.end();
    },
  };
});

function servicesOf({ CONTEXTS }: Config): readonly Service[] {
  const unknown = CONTEXTS.filter((name) => !contexts.some(({ context }) => context === name));
  if (unknown.length > 0) {
    const known = contexts.map(({ context }) => context).join(', ');
    throw new ConfigError([`CONTEXTS must name contexts among ${known}; ${unknown.join(', ')} is not one`]);
  }
  return CONTEXTS.length === 0 ? contexts : contexts.filter(({ context }) => CONTEXTS.includes(context));
}
