import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { pino } from 'pino';
import type { Service } from '../../../domains/shared/service.js';
import { startEngines } from '../../../infra/engines/testing/engines-for-tests.js';
import { createEventStore } from '../../../infra/event-store/event-store.js';
import { categoryOf, type StoredEvent } from '../../../infra/event-store/stored-event.js';
import { openLedger } from '../../../infra/payment-provider/ledger.js';
import {
  createPaymentProviderClient,
  type PaymentProviderClient,
} from '../../../infra/payment-provider/payment-provider-client.js';
import { createProviderApp } from '../../../infra/payment-provider/server.js';
import { createLocalServiceBus } from '../../../infra/service-bus/local-service-bus.js';
import type { ServiceBus } from '../../../infra/service-bus/service-bus.js';
import { newTraceparent } from '../../../infra/telemetry/tracing.js';
import { connectTemporal } from '../../../infra/temporal/connection.js';
import { runWorker } from '../../../infra/temporal/worker.js';
import { createActivities } from '../activities.js';
import { taskQueue, workflowIdOf, type Outcome } from '../fulfilment.js';
import { startFulfilment } from '../start-fulfilment.js';
import type { orderFulfilment } from '../workflow.js';

export const price = { amount: 250, currency: 'EUR' };

/**
 * The saga with all that it touches: the contexts it commands over a real event store, the real provider, a real
 * Temporal. Only users and catalog answer as if whatever they are asked for existed. A test may give `provider` other
 * calls.
 */
export const startSagaWorld = async (services: readonly Service[]) => {
  const engines = await startEngines(['event-store', 'temporal']);
  const eventStore = createEventStore(engines.env.EVENTSTORE_URL);
  const bus = createLocalServiceBus({
    services,
    eventStore,
    personalKeys: { keyFor: () => Promise.resolve(aKey), find: () => Promise.resolve(aKey) },
    elsewhere: agreeable,
  });
  const bank = await startProvider(join(engines.dataDir, 'ledger.db'));
  const provider: { -readonly [Call in keyof PaymentProviderClient]: PaymentProviderClient[Call] } = { ...bank.client };
  const temporal = connectTemporal(engines.env.TEMPORAL_ADDRESS);
  const worker = runWorker({
    address: engines.env.TEMPORAL_ADDRESS,
    taskQueue,
    workflowBundlePath: await bundleInto(engines.dataDir),
    activities: createActivities({ bus, provider }),
    tracing: false,
    log: pino({ level: 'silent' }),
  });
  await worker.ready;

  const send = (context: string, type: string, data: unknown) =>
    bus.send(context, {
      ...{ type, data, at: new Date().toISOString(), commandId: randomUUID(), correlationId: randomUUID() },
      ...{ actor: 'u1', traceparent: newTraceparent() },
    });

  // By `$all`, since only that tells which event of two streams came first.
  const eventsOf = async (stream: string): Promise<StoredEvent[]> => {
    const { events } = await eventStore.readNewer([categoryOf(stream)], null);
    return events.filter(({ streamId }) => streamId === stream);
  };

  return {
    bus,
    provider,
    ledgerOf: (orderId: string) => bank.client.ledger(orderId),
    send,
    eventsOf,
    typesOf: async (stream: string) => (await eventsOf(stream)).map(({ type }) => type),

    /** A product of which so many pieces are on hand; its id begins with `prefix`. */
    stocked: async (quantity: number, prefix = 'p'): Promise<string> => {
      const productId = `${prefix}-${randomUUID()}`;
      if (quantity > 0) await send('inventory', 'ReceiveStock', { productId, quantity, reference: null });
      return productId;
    },

    /** A pending order of one piece each; gives its `OrderPlaced`. */
    placed: async (paymentMethod: string, ...productIds: readonly string[]): Promise<StoredEvent> => {
      const orderId = randomUUID();
      const items = productIds.map((productId) => ({ productId, quantity: 1 }));
      const shippingAddress = { name: 'A', street: 'B', city: 'C', postalCode: '1', country: 'AT' };
      await send('orders', 'PlaceOrder', { orderId, userId: 'u1', items, paymentMethod, shippingAddress });
      const [placed] = await eventsOf(`order-${orderId}`);
      if (!placed) throw new Error('The order was not placed');
      return placed;
    },

    /** Starts the saga as the relay does. */
    started: async (event: StoredEvent) => {
      await startFulfilment(temporal.client, event);
      const orderId = String(event.data['orderId']);
      const handle = temporal.client.workflow.getHandle<typeof orderFulfilment>(workflowIdOf(orderId));
      return { ...handle, outcome: (): Promise<Outcome> => handle.result() };
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
  const app = createProviderApp({ ledger, beSlow: () => Promise.resolve(), onError: () => undefined });
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    client: createPaymentProviderClient({ url: `http://127.0.0.1:${port}`, timeoutMs: 10_000 }),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      ledger.close();
    },
  };
};

/** From the sources, so that what is tested is what is written. */
const bundleInto = async (folder: string): Promise<string> => {
  const room = join(import.meta.dirname, '../../..');
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(room, 'workflows/order-fulfilment/workflow.ts'),
    workflowInterceptorModules: [join(room, 'infra/temporal/workflow-tracing.ts')],
    logger: new DefaultLogger('WARN'),
  });
  const path = join(folder, 'workflow-bundle.js');
  await writeFile(path, code);
  return path;
};
