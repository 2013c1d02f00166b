import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEventStore } from '../event-store/event-store.js';
import type { StreamEvent } from '../event-store/stored-event.js';
import { createLog } from '../logging/log.js';
import { createSimulatorClient } from '../payment-provider/simulator/simulator-client.js';
import { createPostgres } from '../postgres/postgres.js';
import { breakerRules } from '../resilience/circuit-breaker.js';
import { createKeyring } from '../security/keyring.js';
import { createServiceTokens } from '../security/service-tokens.js';
import { createHttpServiceBus } from '../service-bus/http-service-bus.js';
import type { Receipt } from '../service-bus/service-bus.js';
import { createDiscovery } from '../service-registry/create-discovery.js';
import { createServiceRegistry } from '../service-registry/registry.js';
import { connectTemporal } from '../temporal/connection.js';
import { searchAttributes } from '../temporal/search-attributes.js';
import { newCommand } from './commands-shop.js';
import type { SeenOrder } from './saga-matrix-invariants.js';
import { startFaultProxy, type Fault, type Seen } from './saga-matrix-proxy.js';
import { createRoleProcess, type RoleProcess } from './role-process.js';

export type SagaShopSettings = Readonly<{
  /** The built entry files. */
  entries: Readonly<Record<'domains' | 'provider' | 'workflows', string>>;
  /** The variables that lead to the engines. */
  engines: Readonly<Record<string, string>>;
}>;

/** The platform's contexts, the provider, and sagas whose every call may be made to fail. */
export type SagaShop = Awaited<ReturnType<typeof openSagaShop>>;

/** Starts the roles; resolves when all are ready. */
export const openSagaShop = async ({ entries, engines }: SagaShopSettings) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'evermart-sagas-'));
  const env = { ...engines, MASTER_KEY: masterKey, DATA_DIR: dataDir };
  const domains = await createRoleProcess({ entry: entries.domains, env, portVariable: 'DOMAINS_PORT' });
  const provider = await createRoleProcess({ entry: entries.provider, env, portVariable: 'PAYMENT_PROVIDER_PORT' });
  const faults = new Map<string, Fault>();
  const orderOfRefund = new Map<string, string>();
  const faultOf = (orderId: string) => faults.get(orderId);
  const proxies = {
    domains: await startFaultProxy({ target: domains.url, faultOf, see: seeCommand }),
    provider: await startFaultProxy({ target: provider.url, faultOf, see: seePayment(orderOfRefund) }),
  };
  const newWorkflows = (): Promise<RoleProcess> =>
    createRoleProcess({
      entry: entries.workflows,
      env: {
        ...env,
        LOG_LEVEL: 'fatal',
        DOMAINS_URL: proxies.domains.url,
        PAYMENT_PROVIDER_URL: proxies.provider.url,
        PAYMENT_RETRY_WINDOW_SECONDS: '5',
      },
      portVariable: 'WORKFLOWS_PORT',
    });
  domains.start();
  provider.start();
  await Promise.all([domains.whenReady(), provider.whenReady()]);

  const eventStore = createEventStore(engines['EVENTSTORE_URL'] ?? '');
  const postgres = createPostgres(engines['POSTGRES_URL'] ?? '');
  const temporal = connectTemporal(engines['TEMPORAL_ADDRESS'] ?? '');
  const log = createLog('soak', { LOG_LEVEL: 'error' });
  const bus = createHttpServiceBus({
    discovery: createDiscovery({ address: domains.url, registry: createServiceRegistry(postgres), log }),
    tokens: createServiceTokens({ keyring: createKeyring({ postgres, masterKey }), service: 'soak' }),
    rules: { ...breakerRules, failures: Infinity },
    log,
  });
  const ledger = createSimulatorClient({ url: provider.url, timeoutMs: 10_000 });

  const send = (context: string, type: string, data: object): Promise<Receipt> =>
    bus.send(context, newCommand(type, data));
  const streamOf = async (stream: string): Promise<StreamEvent[]> => {
    const events: StreamEvent[] = [];
    for await (const event of eventStore.readStream(stream)) events.push(event);
    return events;
  };

  const userId = randomUUID();
  const person = { userId, email: `${userId}@example.org`, emailHash: userId, name: 'Ada', phone: null, roles: [] };
  await send('users', 'RegisterUser', person);

  return {
    faults,
    orderOfRefund,
    newWorkflows,
    send,
    streamOf,
    provider: ledger,

    /** A product with so many pieces. */
    stocked: async (quantity: number): Promise<string> => {
      const productId = randomUUID();
      const product = { productId, sku: productId, name: 'Mug', description: '', categories: [] };
      await send('catalog', 'AddProduct', { ...product, price: { amount: 250, currency: 'EUR' } });
      if (quantity > 0) await send('inventory', 'ReceiveStock', { productId, quantity, reference: null });
      return productId;
    },

    /** Places an order, whose saga begins by itself. */
    place: (orderId: string, paymentMethod: string, productIds: readonly string[]) => {
      const items = productIds.map((productId) => ({ productId, quantity: 1 }));
      const shippingAddress = { name: 'A', street: 'B', city: 'C', postalCode: '1', country: 'AT' };
      return send('orders', 'PlaceOrder', { orderId, userId, items, paymentMethod, shippingAddress });
    },

    /** Whether a workflow has come to its end. @throws Error while Temporal is away. */
    isOver: async (workflowId: string): Promise<boolean> => {
      const handle = temporal.client.workflow.getHandle(workflowId);
      const { status } = await temporal.client.withDeadline(Date.now() + 2_000, () => handle.describe());
      return status.name !== 'RUNNING';
    },

    /** Whether a workflow says that it needs somebody. */
    needsAttention: async (workflowId: string): Promise<boolean> => {
      const { typedSearchAttributes } = await temporal.client.workflow.getHandle(workflowId).describe();
      return typedSearchAttributes.get(searchAttributes.sagaStatus) === 'needs_attention';
    },

    seen: async (orderId: string, productIds: readonly string[]): Promise<SeenOrder> => {
      const [order, payment, shipment] = await Promise.all(
        [`order-${orderId}`, `payment-${orderId}`, `shipment-${orderId}`].map(streamOf),
      );
      const stocks = await Promise.all(productIds.map((id) => streamOf(`stock-${id}`)));
      const { charges } = await ledger.ledger(orderId);
      const isWaiting = false;
      return {
        ...{ orderId, isWaiting, stocks, charges },
        ...{ order: order ?? [], payment: payment ?? [], shipment: shipment ?? [] },
      };
    },

    close: async () => {
      await Promise.all([domains.stop(), provider.stop()]);
      await Promise.all([proxies.domains.close(), proxies.provider.close(), temporal.close()]);
      await eventStore.dispose();
      await postgres.end();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};

const masterKey = 'ab'.repeat(32);

/** A call to a context by what it is sent or asked; not those of the relay, which begins sagas. */
const seeCommand = (path: string, _headers: IncomingHttpHeaders, body: string): Seen => {
  const [, , context = '', question] = path.split('/');
  const { type, data } = parsed(body);
  return { orderId: data?.['orderId'], name: `${context} ${question ?? String(type)}`, isProvider: false };
};

/** A call to the provider by its path; its order by its key, which begins with the workflow's id. */
const seePayment =
  (orderOfRefund: ReadonlyMap<string, string>) =>
  (path: string, headers: IncomingHttpHeaders): Seen => {
    const key = headers['idempotency-key'];
    const [workflowId = ''] = typeof key === 'string' ? key.split('/') : [];
    const refundId = workflowId.slice('payment-refund-'.length);
    const orderId = orderOfRefund.get(refundId) ?? workflowId.replace(/^order-(return-)?/, '');
    const name = Object.entries(providerCalls).find(([pattern]) => new RegExp(pattern).test(path))?.[1] ?? path;
    return { orderId, name: `provider ${name}`, isProvider: true };
  };

const providerCalls: Readonly<Record<string, string>> = {
  '^/authorisations$': 'authorise',
  '/captures$': 'capture',
  '^/voids$': 'voidByKey',
  '/voids$': 'voidAuthorisation',
  '/refunds$': 'refund',
};

const parsed = (body: string): { type?: string; data?: Record<string, string> } =>
  body === '' ? {} : (JSON.parse(body) as { type?: string; data?: Record<string, string> });
