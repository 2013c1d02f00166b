import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import { contexts, everyAggregate } from '../../../domains/contexts.js';
import { DomainError } from '../../../domains/shared/errors.js';
import { closeServer, listen } from '../../../infra/process/server.js';
import { createCredentials } from '../../../infra/security/credentials.js';
import { createLookups } from '../../../infra/security/lookups.js';
import { createErasure } from '../../../infra/security/personal-data.js';
import { createPersonalKeys } from '../../../infra/security/personal-keys.js';
import { createRefreshTokens } from '../../../infra/security/refresh-tokens.js';
import { createMongo } from '../../../infra/mongo/mongo.js';
import type { ServiceBus } from '../../../infra/service-bus/service-bus.js';
import { message, silent, startServices } from '../../../infra/service-bus/testing/services.js';
import { createPaymentQueries } from '../../../projections/payments/queries.js';
import { orders as ordersView } from '../../../projections/orders/projection.js';
import { createOrderQueries, newestOrderEvent } from '../../../projections/orders/queries.js';
import { ordersTable } from '../../../projections/orders/table.js';
import { readEvents } from '../../../projections/runner/read-events.js';
import { runViews } from '../../../projections/runner/testing/run-views.js';
import { cartRoutes } from '../../carts/routes.js';
import { catalogRoutes } from '../../catalog/routes.js';
import { orderCommandRoutes } from '../../orders/command-routes.js';
import { orderRoutes } from '../../orders/routes.js';
import { paymentRoutes } from '../../payments/routes.js';
import { shippingRoutes } from '../../shipping/routes.js';
import { accountRoutes } from '../../users/account-routes.js';
import { userRoutes } from '../../users/routes.js';
import { createMemoryBuckets } from '../../limits/memory-buckets.js';
import { signInRoutes } from '../../users/sign-in-routes.js';
import { createSignInThrottle } from '../../users/sign-in-throttle.js';
import { createGateway } from '../server.js';
import { describeAt } from './conformance.js';
import { callAt, product, shippingAddress, type Sent } from './client.js';
import { accessTokens } from './gateway.js';

const masterKey = 'ab'.repeat(32);
/** No view that lies there is kept. */
const noMongo = createMongo('mongodb://127.0.0.1:1/evermart');
const notRead = () => Promise.reject(new Error('Nothing reads this view'));
const catalogView = { byId: notRead, byIds: notRead, list: notRead, categories: notRead };

/** Tests only: the real server over all contexts, an event store and PostgreSQL. A token names its bearer and roles. */
export const startShop = async () => {
  const services = await startServices(contexts);
  const { postgres, keyring, eventStore } = services;
  const local = services.localBus();
  let away: string | null = null;
  const bus: ServiceBus = {
    send: async (context, command) => {
      if (context === away) throw new DomainError('service.unavailable', `${context} is away`);
      return local.send(context, command);
    },
    ask: local.ask,
  };
  const credentials = createCredentials(postgres);
  const refreshTokens = createRefreshTokens(postgres);
  const lookups = createLookups(keyring);
  const personalKeys = createPersonalKeys({ postgres, masterKey });
  const erasure = createErasure({ personalKeys, credentials, refreshTokens, stores: [] });
  const orders = createOrderQueries(postgres);
  const view = runViews({ eventStore, postgres, mongo: noMongo }, [{ view: ordersView, table: ordersTable }], {
    read: readEvents(everyAggregate),
  });
  const parts = { bus, graceSeconds: 60, lookups, credentials, accessTokens, refreshTokens, erasure };
  const routes = [
    ...userRoutes(parts),
    ...signInRoutes({ ...parts, throttle: createSignInThrottle(createMemoryBuckets()) }),
    ...accountRoutes({ ...parts, orders, newestOrderEvent: newestOrderEvent(eventStore, postgres) }),
    ...catalogRoutes({ ...parts, catalog: catalogView }),
    ...cartRoutes({ ...parts, catalog: catalogView, carts: { ofUser: notRead } }),
    ...orderRoutes({ ...parts, orders }),
    ...orderCommandRoutes(parts),
    ...paymentRoutes({ ...parts, payments: createPaymentQueries(postgres) }),
    ...shippingRoutes({ ...parts, orders }),
  ];
  const server = createGateway({ accessTokens, log: silent, routes });
  await listen(server, { host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`;
  describeAt(url, routes);
  const call = (method: string, path: string, sent: Sent = {}) => callAt(url, method, path, sent);

  const newProduct = async (): Promise<string> => {
    const added = await call('POST', '/products', { as: 'sam:staff', body: { ...product, sku: randomUUID() } });
    return String(added.body['id']);
  };
  const newCustomer = async (): Promise<Readonly<{ id: string; as: string; email: string }>> => {
    const email = `${randomUUID()}@example.com`;
    const registered = await call('POST', '/users', { body: { email, name: 'Ada', password: 'correct horse' } });
    const id = String(registered.body['id']);
    return { id, as: `${id}:customer`, email };
  };
  const newOrder = async () => {
    const [customer, productId] = await Promise.all([newCustomer(), newProduct()]);
    const body = { items: [{ productId, quantity: 2 }], paymentMethod: 'pm_ok', shippingAddress };
    const placed = await call('POST', '/orders', { as: customer.as, body });
    return { customer, productId, orderId: String(placed.body['id']) };
  };

  return {
    bus,
    call,
    message,
    /** Commands to this context fail from now on; `null` for none. */
    without: (context: string | null) => {
      away = context;
    },
    lookups,
    credentials,
    newProduct,
    newCustomer,
    newOrder,
    latestOf: async (streamId: string) => (await services.eventsOf(streamId)).at(-1)?.data ?? {},
    typesOf: async (streamId: string) => (await services.eventsOf(streamId)).map(({ type }) => type),
    stop: async () => {
      await closeServer(server);
      await view.stop();
      await services.stop();
    },
  };
};

export type Shop = Awaited<ReturnType<typeof startShop>>;
