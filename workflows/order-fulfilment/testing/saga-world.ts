import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import type { Service } from '../../../domains/shared/service.js';
import { readProcesses } from '../../../infra/engines/processes-file.js';
import { startEngines } from '../../../infra/engines/testing/engines-for-tests.js';
import { createEventStore } from '../../../infra/event-store/event-store.js';
import { categoryOf, type StoredEvent, type StreamEvent } from '../../../infra/event-store/stored-event.js';
import type { PaymentProvider } from '../../../infra/payment-provider/payment-provider.js';
import { createDisturbances } from '../../../infra/payment-provider/simulator/disturbances.js';
import { openLedger } from '../../../infra/payment-provider/simulator/ledger.js';
import { createProviderApp } from '../../../infra/payment-provider/simulator/server.js';
import { createSimulatorClient } from '../../../infra/payment-provider/simulator/simulator-client.js';
import { createLocalServiceBus } from '../../../infra/service-bus/local-service-bus.js';
import type { ServiceBus } from '../../../infra/service-bus/service-bus.js';
import { newTraceparent } from '../../../infra/telemetry/tracing.js';
import { connectTemporal } from '../../../infra/temporal/connection.js';
import { signalWorkflow } from '../../../infra/temporal/signal-workflow.js';
import { bundleSources } from '../../../infra/temporal/testing/bundle-sources.js';
import { runWorker } from '../../../infra/temporal/worker.js';
import { createActivities } from '../activities.js';
import {
  newsSignal,
  progressQuery,
  returnIdOf,
  taskQueue,
  usualTiming,
  workflowIdOf,
  type Outcome,
  type SagaProgress,
  type SagaStatus,
  type Timing,
} from '../fulfilment.js';
import { createStarts } from '../start-fulfilment.js';
import type { orderFulfilment } from '../workflow.js';
import { createWorkerApart } from './worker-apart.js';

export const price = { amount: 250, currency: 'EUR' };

/** So short that a test need not wait for long; a saga needs somebody after its second try. */
export const shortTiming: Timing = {
  ...usualTiming,
  ...{ paymentRetryWindowMs: 0, triesBeforeAttention: 2, firstPauseMs: 100, longestPauseMs: 200 },
  ...{ attentionPauseMs: 500, localTryMs: 700, tryMs: 3_000 },
};

/**
 * The saga with all that it touches: the contexts it commands over a real event store, the real provider, a real
 * Temporal. Only users and catalog answer as if whatever they are asked for existed. A test may give `provider` other
 * calls, and `sagaBus` other ways to the contexts. With `apart` the worker is a process of its own, which can be killed.
 */
export const startSagaWorld = async (services: readonly Service[], { apart = false } = {}) => {
  const engines = await startEngines(['event-store', 'temporal']);
  const eventStore = createEventStore(engines.env.EVENTSTORE_URL);
  const bus = createLocalServiceBus({
    services,
    eventStore,
    personalKeys: { keyFor: () => Promise.resolve(aKey), find: () => Promise.resolve(aKey) },
    elsewhere: agreeable,
  });
  const sagaBus: { -readonly [Call in keyof ServiceBus]: ServiceBus[Call] } = { ...bus };
  const bank = await startProvider(join(engines.dataDir, 'ledger.db'));
  const provider: { -readonly [Call in keyof PaymentProvider]: PaymentProvider[Call] } = { ...bank.client };
  const temporal = connectTemporal(engines.env.TEMPORAL_ADDRESS);
  const address = engines.env.TEMPORAL_ADDRESS;
  const workflowBundlePath = await bundleSources('order-fulfilment', engines.dataDir);
  // Looked up with each call, so that a test may replace them.
  const parts = {
    bus: {
      send: (...given: Parameters<ServiceBus['send']>) => sagaBus.send(...given),
      ask: (...given: Parameters<ServiceBus['ask']>) => sagaBus.ask(...given),
    },
    provider,
  };
  const workerApart = createWorkerApart({ address, workflowBundlePath }, parts);
  const worker = apart
    ? { ready: workerApart.start(), stop: workerApart.kill }
    : runWorker({
        ...{ address, taskQueue, workflowBundlePath, tracing: false },
        activities: createActivities(parts),
        log: pino({ level: process.env['SAGA_LOG'] ?? 'silent' }),
      });
  await worker.ready;

  const send = (context: string, type: string, data: unknown) =>
    bus.send(context, {
      ...{ type, data, at: new Date().toISOString(), commandId: randomUUID(), correlationId: randomUUID() },
      ...{ actor: 'u1', traceparent: newTraceparent() },
    });

  const streamOf = async (stream: string): Promise<StreamEvent[]> => {
    const events: StreamEvent[] = [];
    for await (const event of eventStore.readStream(stream)) events.push(event);
    return events;
  };

  // By `$all`, since only that tells which event of two streams came first.
  const eventsOf = async (stream: string): Promise<StoredEvent[]> => {
    const { events } = await eventStore.readNewer([categoryOf(stream)], null);
    return events.filter(({ streamId }) => streamId === stream);
  };

  const handleOf = (orderId: string) =>
    temporal.client.workflow.getHandle<typeof orderFulfilment>(workflowIdOf(orderId));
  const progressOf = (orderId: string) => handleOf(orderId).query<SagaProgress>(progressQuery);

  /** Sends a command of somebody else and tells the saga of its event, as the relay does. */
  const happens = async (orderId: string, context: string, type: string, data: object = {}): Promise<void> => {
    const stream = `${categories[context]}-${orderId}`;
    const before = (await eventsOf(stream)).length;
    await send(context, type, { orderId, ...data });
    const workflowId = workflowIdOf(orderId);
    for (const { id, type: told, metadata } of (await eventsOf(stream)).slice(before))
      await signalWorkflow(temporal.client, metadata, { workflowId, signal: newsSignal, args: [{ id, type: told }] });
  };

  return {
    bus,
    workerApart,
    killTemporal: () => {
      const { pid } = readProcesses(engines.dataDir)?.processes.find(({ name }) => name === 'temporal') ?? {};
      if (!pid) throw new Error('Temporal does not run');
      process.kill(pid, 'SIGKILL');
    },
    sagaBus,
    provider,
    temporal,
    ledgerOf: (orderId: string) => bank.client.ledger(orderId),
    send,
    streamOf,
    eventsOf,
    typesOf: async (stream: string) => (await eventsOf(stream)).map(({ type }) => type),
    happens,
    progressOf,

    /** Waits until the saga says that it is in a status. */
    until: async (orderId: string, status: SagaStatus): Promise<SagaProgress> => {
      for (;;) {
        const progress = await progressOf(orderId);
        if (progress.status === status) return progress;
        await pause(30);
      }
    },

    /** A product of which so many pieces are on hand; its id begins with `prefix`. */
    stocked: async (quantity: number, prefix = 'p'): Promise<string> => {
      const productId = `${prefix}-${randomUUID()}`;
      if (quantity > 0) await send('inventory', 'ReceiveStock', { productId, quantity, reference: null });
      return productId;
    },

    /** A pending order of one piece each; gives its `OrderPlaced`. */
    placed: async (paymentMethod: string, ...productIds: readonly string[]): Promise<StreamEvent> => {
      const orderId = randomUUID();
      const items = productIds.map((productId) => ({ productId, quantity: 1 }));
      const shippingAddress = { name: 'A', street: 'B', city: 'C', postalCode: '1', country: 'AT' };
      await send('orders', 'PlaceOrder', { orderId, userId: 'u1', items, paymentMethod, shippingAddress });
      const [placed] = await streamOf(`order-${orderId}`);
      if (!placed) throw new Error('The order was not placed');
      return placed;
    },

    /** Starts the saga as the relay does. */
    started: async (event: StreamEvent, timing: Partial<Timing> = {}) => {
      await createStarts({ client: temporal.client, bus, timing: { ...shortTiming, ...timing } }).fulfilment(event);
      const handle = handleOf(String(event.data['orderId']));
      return { ...handle, outcome: (): Promise<Outcome> => handle.result() };
    },

    /** Has an order returned, as the relay does; gives how that ended. */
    returned: async (orderId: string): Promise<unknown> => {
      await send('orders', 'RequestReturn', { orderId, reason: 'broken' });
      const requested = (await eventsOf(`order-${orderId}`)).at(-1);
      if (!requested) throw new Error('There is no such order');
      await createStarts({ client: temporal.client, bus, timing: shortTiming }).orderReturn(requested);
      return temporal.client.workflow.getHandle(returnIdOf(orderId)).result();
    },

    stop: async () => {
      await worker.stop();
      await temporal.close();
      await bank.stop();
      await eventStore.dispose();
      await engines.stop();
    },
  };
};

export type SagaWorld = Awaited<ReturnType<typeof startSagaWorld>>;

const categories: Readonly<Record<string, string>> = { orders: 'order', payments: 'payment', shipping: 'shipment' };

const aKey = Buffer.alloc(32, 1);

const agreeable: ServiceBus = {
  send: (context) => Promise.reject(new Error(`Nobody sends to ${context} here`)),
  ask: (_context, question, data) => {
    if (question === 'isActive' || question === 'exists') return Promise.resolve(true);
    const { productIds } = data as { productIds: readonly string[] };
    return Promise.resolve(productIds.map((productId) => ({ productId, sku: 's', name: 'n', price })));
  },
};

const startProvider = async (path: string) => {
  const ledger = openLedger(path);
  const disturbances = createDisturbances({ random: Math.random, wait: pause });
  const app = createProviderApp({ ledger, disturbances, beSlow: () => pause(2_000), onError: () => undefined });
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    client: createSimulatorClient({ url: `http://127.0.0.1:${port}`, timeoutMs: 10_000 }),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      ledger.close();
    },
  };
};
