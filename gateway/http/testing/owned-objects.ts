import type { AddressInfo } from 'node:net';
import { closeServer, listen } from '../../../infra/process/server.js';
import type { ServiceBus } from '../../../infra/service-bus/service-bus.js';
import { silent } from '../../../infra/service-bus/testing/services.js';
import { screenRoutes } from '../../bff/routes.js';
import { orderCommandRoutes } from '../../orders/command-routes.js';
import { orderEventRoutes } from '../../orders/event-routes.js';
import { orderRoutes } from '../../orders/routes.js';
import { timelineRoutes } from '../../orders/timeline/timeline-routes.js';
import { paymentRoutes } from '../../payments/routes.js';
import { shippingRoutes } from '../../shipping/routes.js';
import { accountRoutes } from '../../users/account-routes.js';
import { profileRoutes } from '../../users/profile-routes.js';
import { createGateway } from '../server.js';
import { accessTokens } from './gateway.js';
import { describeAt } from './conformance.js';
import { account, found, order, payment, shipment } from './shown.js';
import { shopViews } from './views.js';

type Asked = Readonly<{ orderId?: string; userId?: string }>;

const isOrder = (id: string) => id === order.id;
const isAda = (id: string) => id === account.id;

/** Takes every command; answers of Ada and her order. */
const bus: ServiceBus = {
  send: (context) => {
    const answer = { id: order.id, isErased: false };
    const touched = [{ category: context, position: '42' }];
    return Promise.resolve({ streamId: 's', revision: 0, position: '42', category: context, touched, answer });
  },
  ask: (_context, question, data) => {
    const { orderId = '', userId = '' } = data as Asked;
    if (question === 'orderOf')
      return Promise.resolve(isOrder(orderId) ? { userId: 'ada', status: 'PENDING', cancelling: false } : null);
    return Promise.resolve(isAda(userId) ? { ...account, userId, changes: 0, emailHash: null } : null);
  },
};

const orders = {
  byId: (id: string) => Promise.resolve(isOrder(id) ? found(order) : null),
  list: () => Promise.resolve({ items: [], nextCursor: null }),
  shipmentOf: (id: string) => Promise.resolve(isOrder(id) ? found(shipment) : null),
  isAnyUnderWay: () => Promise.resolve(false),
};
const payments = { byOrder: (id: string) => Promise.resolve(isOrder(id) ? found(payment) : null) };
const accounts = { byId: (id: string) => Promise.resolve(isAda(id) ? found(account) : null), list: orders.list };

const lookups = { emailHash: () => Promise.resolve('h'), requestHash: () => Promise.resolve('h') };
const nothingDone = () => Promise.resolve();

async function* noEvents(): AsyncGenerator<never> {}

const nothingHappened = {
  eventStore: { readStream: noEvents },
  correlations: { eventsOf: () => Promise.resolve([]) },
  aggregates: [],
  workflows: { history: () => Promise.resolve(null) },
  jaeger: null,
  projections: { list: () => Promise.resolve([]) },
};

/** The real server over all routes that lead to what belongs to somebody: an order that is Ada's, and Ada. */
export const startOwnedObjects = async () => {
  const parts = {
    bus,
    graceSeconds: 60,
    lookups,
    credentials: { move: nothingDone, emailHashOf: () => Promise.resolve(null) },
    refreshTokens: { revokeAllOf: nothingDone },
    erasure: { erase: nothingDone },
  };
  const views = shopViews((_freshness, result) => Promise.resolve(result));
  const orderFeed = { watermark: () => Promise.resolve(0n), follow: nothingDone, stop: nothingDone };
  const routes = [
    ...profileRoutes({ accounts, orders }),
    ...accountRoutes({ ...parts, orders, newestOrderEvent: () => Promise.resolve(null) }),
    ...orderRoutes({ ...parts, orders }),
    ...orderCommandRoutes(parts),
    ...orderEventRoutes({ orders, orderFeed, accessTokens }),
    ...timelineRoutes({ ...parts, ...nothingHappened }),
    ...paymentRoutes({ ...parts, payments }),
    ...shippingRoutes({ ...parts, orders }),
    ...screenRoutes({ ...views, orders, payments }),
  ];
  const server = createGateway({ routes, accessTokens, log: silent });
  await listen(server, { host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`;
  describeAt(url, routes);
  return { url, close: () => closeServer(server) };
};
