import 'reflect-metadata';
import { Container } from 'inversify';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { ConfigError, masterKeyOf, type Config } from '../infra/config.js';
import { createEventStore, type EventStore } from '../infra/event-store/event-store.js';
import type { Log } from '../infra/logging/log.js';
import { createSenders, type Senders } from '../infra/notifications/senders.js';
import { createPaymentProvider } from '../infra/payment-provider/create-payment-provider.js';
import type { PaymentProvider } from '../infra/payment-provider/payment-provider.js';
import { createPostgres, type Postgres } from '../infra/postgres/postgres.js';
import { serveHealth } from '../infra/process/health-server.js';
import { runRole } from '../infra/process/role.js';
import { closeServer } from '../infra/process/server.js';
import { breakerRulesOf } from '../infra/resilience/circuit-breaker.js';
import { createKeyring } from '../infra/security/keyring.js';
import { createServiceTokens } from '../infra/security/service-tokens.js';
import { createHttpServiceBus } from '../infra/service-bus/http-service-bus.js';
import type { ServiceBus } from '../infra/service-bus/service-bus.js';
import { createDiscovery } from '../infra/service-registry/create-discovery.js';
import { createServiceRegistry } from '../infra/service-registry/registry.js';
import { workflowBundlePathOf, type WorkflowFolder } from '../infra/temporal/bundle-workflows.js';
import { connectTemporal, type Temporal } from '../infra/temporal/connection.js';
import { runWorker, type RunningWorker, type WorkerSettings } from '../infra/temporal/worker.js';
import { createActivities as createDeliveryActivities } from './notification/activities.js';
import { taskQueue as deliveryQueue } from './notification/delivery.js';
import { relayNotifications } from './notification/relay.js';
import { createActivities as createOrderActivities } from './order-fulfilment/activities.js';
import { taskQueue as orderQueue, usualTiming, type Timing } from './order-fulfilment/fulfilment.js';
import { createOpenOrders } from './order-fulfilment/open-orders.js';
import { runReconciler } from './order-fulfilment/reconciler.js';
import { relayOrders } from './order-fulfilment/relay.js';

/** The slowest bank answers in five seconds; a call that was given up is repeated with its key. */
const providerTimeoutMs = 8_000;

await runRole('workflows', async (config, log) => {
  const container = compose(config, log);
  const eventStore = container.get<EventStore>('EventStore');
  const postgres = container.get<Postgres>('Postgres');
  const temporal = container.get<Temporal>('Temporal');
  const bus = container.get<ServiceBus>('ServiceBus');
  const provider = container.get<PaymentProvider>('PaymentProvider');
  const senders = container.get<Senders>('Senders');
  const timing: Timing = { ...usualTiming, paymentRetryWindowMs: config.PAYMENT_RETRY_WINDOW_SECONDS * 1_000 };

  const workers = [
    {
      folder: 'order-fulfilment',
      taskQueue: orderQueue,
      activities: createOrderActivities({ bus, provider }),
    } as const,
    {
      folder: 'notification',
      taskQueue: deliveryQueue,
      activities: createDeliveryActivities({ bus, senders }),
      load: 'light',
    } as const,
  ].map((settings) => startWorker(config, log, settings));
  const relayParts = { eventStore, postgres, log };
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const openOrders = createOpenOrders(postgres);
  const relays = [
    relayOrders({ client: temporal.client, bus, openOrders, timing }, relayParts),
    relayNotifications(temporal.client, relayParts),
  ];
  const reconciler = runReconciler({ openOrders, client: temporal.client, bus, registry, log });
  const health = await serveHealth(
    { host: config.HEALTH_HOST, port: config.WORKFLOWS_PORT },
    {
      'event-store': () => eventStore.head().then(() => true),
      postgres: () => postgres.query('select 1').then(() => true),
      temporal: temporal.isReachable,
      ...(config.PAYMENT_PROVIDER === 'simulator'
        ? { 'payment-provider': () => answers(new URL('/health/live', config.PAYMENT_PROVIDER_URL)) }
        : {}),
      worker: () => Promise.resolve(workers.every((worker) => worker.isPolling())),
      relay: () => Promise.resolve(relays.every((relay) => relay.isFollowing())),
    },
    { registry },
  );
  return {
    stop: async () => {
      await closeServer(health);
      await Promise.all([...relays, ...workers, reconciler].map((part) => part.stop()));
      await Promise.all([temporal.close(), eventStore.dispose(), postgres.end()]);
    },
  };
});

function compose(config: Config, log: Log): Container {
  const { DOMAINS_URL, EVENTSTORE_URL, POSTGRES_URL, TEMPORAL_ADDRESS } = config;
  if (DOMAINS_URL === undefined) throw new ConfigError(['DOMAINS_URL must be given to a workflows process']);
  const masterKey = masterKeyOf(config);
  const container = new Container({ defaultScope: 'Singleton' });
  container.bind<EventStore>('EventStore').toDynamicValue(() => createEventStore(EVENTSTORE_URL));
  container.bind<Postgres>('Postgres').toDynamicValue(() => createPostgres(POSTGRES_URL, 2));
  container.bind<Temporal>('Temporal').toDynamicValue(() => connectTemporal(TEMPORAL_ADDRESS));
  container.bind<ServiceBus>('ServiceBus').toDynamicValue((context) => {
    const postgres = context.get<Postgres>('Postgres');
    return createHttpServiceBus({
      discovery: createDiscovery({ address: DOMAINS_URL, registry: createServiceRegistry(postgres), log }),
      tokens: createServiceTokens({ keyring: createKeyring({ postgres, masterKey }), service: 'workflows' }),
      rules: breakerRulesOf(config),
      log,
    });
  });
  container
    .bind<PaymentProvider>('PaymentProvider')
    .toDynamicValue(() => createPaymentProvider(config, providerTimeoutMs));
  container.bind<Senders>('Senders').toDynamicValue(() => createSenders(config));
  return container;
}

function startWorker(
  { TEMPORAL_ADDRESS, OTEL_EXPORTER_OTLP_ENDPOINT }: Config,
  log: Log,
  {
    folder,
    ...settings
  }: Pick<WorkerSettings, 'taskQueue' | 'activities' | 'load'> & Readonly<{ folder: WorkflowFolder }>,
): RunningWorker & Readonly<{ isPolling: () => boolean }> {
  const worker = runWorker({
    ...settings,
    address: TEMPORAL_ADDRESS,
    workflowBundlePath: workflowBundlePathOf(folder),
    tracing: OTEL_EXPORTER_OTLP_ENDPOINT !== undefined,
    log,
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
