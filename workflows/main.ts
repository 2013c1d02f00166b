import 'reflect-metadata';
import { Container } from 'inversify';
import { ConfigError, masterKeyOf, type Config } from '../infra/config.js';
import { createEventStore, type EventStore } from '../infra/event-store/event-store.js';
import type { Log } from '../infra/logging/log.js';
import {
  createPaymentProviderClient,
  type PaymentProviderClient,
} from '../infra/payment-provider/payment-provider-client.js';
import { createPostgres, type Postgres } from '../infra/postgres/postgres.js';
import { closeServer, serveHealth } from '../infra/process/health-server.js';
import { runRole } from '../infra/process/role.js';
import { createHttpServiceBus } from '../infra/service-bus/http-service-bus.js';
import type { ServiceBus } from '../infra/service-bus/service-bus.js';
import { workflowBundlePath } from '../infra/temporal/bundle-workflows.js';
import { connectTemporal, type Temporal } from '../infra/temporal/connection.js';
import { runWorker, type RunningWorker } from '../infra/temporal/worker.js';
import { createActivities } from './order-fulfilment/activities.js';
import { taskQueue } from './order-fulfilment/fulfilment.js';
import { runRelay } from './order-fulfilment/relay.js';

/** The slowest bank answers in five seconds; a call that was given up is repeated with its key. */
const providerTimeoutMs = 8_000;

await runRole('workflows', async (config, log) => {
  const container = compose(config);
  const eventStore = container.get<EventStore>('EventStore');
  const postgres = container.get<Postgres>('Postgres');
  const temporal = container.get<Temporal>('Temporal');

  const worker = startWorker(container, config, log);
  const relay = runRelay({ eventStore, postgres, client: temporal.client, log });
  const health = await serveHealth(
    { host: config.HEALTH_HOST, port: config.WORKFLOWS_PORT },
    {
      'event-store': () => eventStore.head().then(() => true),
      postgres: () => postgres.query('select 1').then(() => true),
      temporal: temporal.isReachable,
      'payment-provider': () => answers(new URL('/health/live', config.PAYMENT_PROVIDER_URL)),
      worker: () => Promise.resolve(worker.isPolling()),
      relay: () => Promise.resolve(relay.isFollowing()),
    },
  );
  return {
    stop: async () => {
      await closeServer(health);
      await Promise.all([relay.stop(), worker.stop()]);
      await Promise.all([temporal.close(), eventStore.dispose(), postgres.end()]);
    },
  };
});

function compose(config: Config): Container {
  const { DOMAINS_URL, EVENTSTORE_URL, PAYMENT_PROVIDER_URL, POSTGRES_URL, TEMPORAL_ADDRESS } = config;
  if (DOMAINS_URL === undefined) throw new ConfigError(['DOMAINS_URL must be given to a workflows process']);
  const masterKey = masterKeyOf(config);
  const container = new Container({ defaultScope: 'Singleton' });
  container.bind<EventStore>('EventStore').toDynamicValue(() => createEventStore(EVENTSTORE_URL));
  container.bind<Postgres>('Postgres').toDynamicValue(() => createPostgres(POSTGRES_URL, 2));
  container.bind<Temporal>('Temporal').toDynamicValue(() => connectTemporal(TEMPORAL_ADDRESS));
  container.bind<ServiceBus>('ServiceBus').toDynamicValue(() => createHttpServiceBus({ url: DOMAINS_URL, masterKey }));
  container
    .bind<PaymentProviderClient>('PaymentProvider')
    .toDynamicValue(() => createPaymentProviderClient({ url: PAYMENT_PROVIDER_URL, timeoutMs: providerTimeoutMs }));
  return container;
}

function startWorker(container: Container, config: Config, log: Log): RunningWorker & { isPolling: () => boolean } {
  const bus = container.get<ServiceBus>('ServiceBus');
  const provider = container.get<PaymentProviderClient>('PaymentProvider');
  const worker = runWorker({
    address: config.TEMPORAL_ADDRESS,
    taskQueue,
    workflowBundlePath,
    activities: createActivities({ bus, provider }),
    tracing: config.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined,
    log: (line) => log.warn(line),
  });
  let isPolling = false;
  worker.ready.then(
    () => (isPolling = true),
    (error: unknown) => log.fatal({ err: error }, 'The worker cannot run'),
  );
  return { ...worker, isPolling: () => isPolling };
}

async function answers(url: URL): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
  return response.ok;
}
