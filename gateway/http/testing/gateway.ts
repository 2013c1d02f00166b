import type { AddressInfo } from 'node:net';
import { DomainError } from '../../../domains/shared/errors.js';
import type { ReadinessChecks } from '../../../infra/process/health.js';
import { closeServer, listen } from '../../../infra/process/server.js';
import type { AccessTokens } from '../../../infra/security/access-tokens.js';
import type { CommandMessage, ServiceBus } from '../../../infra/service-bus/service-bus.js';
import type { AccountQueries } from '../../../projections/accounts/queries.js';
import type { OrderQueries } from '../../../projections/orders/queries.js';
import type { PaymentQueries } from '../../../projections/payments/queries.js';
import type { Freshness } from '../../../projections/shared/queries.js';
import { screenRoutes } from '../../bff/routes.js';
import { cartRoutes } from '../../carts/routes.js';
import { catalogRoutes } from '../../catalog/routes.js';
import { healthRoutes } from '../../health/routes.js';
import { inventoryRoutes } from '../../inventory/routes.js';
import { notificationRoutes } from '../../notifications/routes.js';
import { orderRoutes } from '../../orders/routes.js';
import { paymentRoutes } from '../../payments/routes.js';
import { shippingRoutes } from '../../shipping/routes.js';
import { profileRoutes } from '../../users/profile-routes.js';
import { userRoutes } from '../../users/routes.js';
import { createMemoryBuckets } from '../../limits/memory-buckets.js';
import { signInRoutes } from '../../users/sign-in-routes.js';
import { createSignInThrottle } from '../../users/sign-in-throttle.js';
import type { Route } from '../route.js';
import { createGateway, type GatewayParts } from '../server.js';
import { describeAt } from './conformance.js';
import { keptLog, type LogLine } from './kept-log.js';
import { account, found, order, payment, shipment } from './shown.js';
import { shopViews } from './views.js';

/** The real server, with functions in memory where the rest of the platform would be. */
export type TestGateway = Readonly<{
  url: string;
  /** Every command that reached the bus. */
  sent: readonly CommandMessage[];
  /** What the queries were asked with. */
  freshness: readonly Freshness[];
  /** The ids and passwords that are kept. */
  kept: ReadonlyMap<string, string>;
  /** The lines of the log, once there are so many: a line is written after the answer has left. */
  logged: (count: number) => Promise<readonly LogLine[]>;
  /** What the bus throws from now on; nothing when `undefined`. */
  refuse: (error: unknown) => void;
  close: () => Promise<void>;
}>;

/** A token names its bearer and roles: `ada:customer`. */
export const accessTokens: AccessTokens = {
  issue: ({ userId, roles }) => Promise.resolve({ accessToken: [userId, ...roles].join(':'), expiresIn: 900 }),
  verify: async (token) => {
    if (token === 'expired') throw new DomainError('auth.expired_token', 'The access token has expired');
    if (!token.includes(':')) throw new DomainError('auth.invalid_token', 'The access token is not one of ours');
    const [userId = '', ...roles] = token.split(':');
    return Promise.resolve({ userId, roles });
  },
  recall: () => undefined,
  whenOver: () => () => undefined,
  jwks: () => Promise.resolve({ keys: [] }),
};

const lookups = {
  emailHash: (email: string) => Promise.resolve(Buffer.from(email).toString('hex')),
  requestHash: (body: unknown) => Promise.resolve(JSON.stringify(body)),
};

/** What a test wants otherwise than usual. */
type TestSettings = Readonly<{ kept?: ReturnType<typeof keptLog> }> &
  Pick<GatewayParts, 'registry' | 'corsOrigins' | 'pages'>;

export const startTestGateway = async (
  checks: Readonly<{ needed: ReadinessChecks; others: ReadinessChecks }> = { needed: {}, others: {} },
  { kept: log = keptLog(), ...settings }: TestSettings = {},
): Promise<TestGateway> => {
  const sent: CommandMessage[] = [];
  const freshness: Freshness[] = [];
  const kept = new Map<string, string>();
  let refusal: unknown;

  const seen = <Result>(given: Freshness, result: Result): Promise<Result> => {
    freshness.push(given);
    return Promise.resolve(result);
  };
  const bus: ServiceBus = {
    send: async (context, command) => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- the server must stand whatever is thrown
      if (refusal !== undefined) throw refusal;
      sent.push(command);
      const { orderId, items } = command.data as { orderId?: string; items?: { productId: string }[] };
      if (items?.some(({ productId }) => productId !== 'mug'))
        throw new DomainError('order.unknown_product', 'Product is not sold');
      const touched = [{ category: context, position: '42' }];
      return Promise.resolve({
        streamId: `${context}-1`,
        revision: 0,
        position: '42',
        category: context,
        touched,
        answer: { id: orderId, userId: command.actor, items: [], total: order.total, status: 'PENDING' },
      });
    },
    ask: (_context, _question, data) =>
      Promise.resolve(kept.has((data as { userId: string }).userId) ? ['customer'] : null),
  };
  const credentials = {
    keep: ({ userId, password }: { userId: string; password: string }) => {
      const isNew = !kept.has(userId);
      if (isNew) kept.set(userId, password);
      return Promise.resolve(isNew);
    },
    verify: ({ password }: { password: string }) =>
      Promise.resolve([...kept].filter(([, keptPassword]) => keptPassword === password).map(([userId]) => userId)),
    confirm: () => Promise.resolve(),
    unconfirmedFor: () => Promise.resolve([]),
    move: () => Promise.resolve(),
    emailHashOf: () => Promise.resolve(null),
    drop: (userId: string) => Promise.resolve(void kept.delete(userId)),
  };
  const refreshTokens = {
    issue: (userId: string) => Promise.resolve({ refreshToken: `refresh ${userId}`, sessionId: userId }),
    ownerOf: (token: string) => Promise.resolve(token.slice('refresh '.length)),
    rotate: (token: string) => {
      const userId = token.slice('refresh '.length);
      return Promise.resolve({ userId, refreshToken: token, sessionId: userId });
    },
    revoke: () => Promise.resolve(),
    revokeAllOf: () => Promise.resolve(),
  };

  const { catalog, carts, notifications } = shopViews(seen);
  const orders: OrderQueries = {
    byId: (id, given) => seen(given, id === 'o1' ? found(order) : null),
    list: ({ userId, status = order.status }, _page, given) => {
      const isListed = (userId === undefined || userId === 'ada') && status === order.status;
      return seen(given, { items: isListed ? [order] : [], nextCursor: null });
    },
    shipmentOf: (orderId, given) => seen(given, orderId === 'o1' ? found(shipment) : null),
    isAnyUnderWay: (userId, given) => seen(given, userId === 'ada'),
  };
  const payments: PaymentQueries = { byOrder: (id, given) => seen(given, id === 'o1' ? found(payment) : null) };
  const accounts: AccountQueries = {
    byId: (id, given) => seen(given, id === 'ada' ? found(account) : null),
    list: (_page, given) => seen(given, { items: [account], nextCursor: null }),
  };

  const parts = { bus, graceSeconds: 60, lookups, credentials, accessTokens, refreshTokens };
  const routes: readonly Route[] = [
    ...userRoutes(parts),
    ...signInRoutes({ ...parts, throttle: createSignInThrottle(createMemoryBuckets()) }),
    ...catalogRoutes({ ...parts, catalog }),
    ...cartRoutes({ ...parts, catalog, carts }),
    ...inventoryRoutes({
      ...parts,
      stock: {
        byProduct: (productId, given) =>
          seen(given, productId === 'mug' ? found({ productId, onHand: 3, reserved: 0, available: 3 }) : null),
      },
    }),
    ...profileRoutes({ accounts, orders }),
    ...orderRoutes({ ...parts, orders }),
    ...paymentRoutes({ ...parts, payments }),
    ...shippingRoutes({ ...parts, orders }),
    ...notificationRoutes({ notifications }),
    ...screenRoutes({ catalog, carts, orders, notifications, payments }),
    ...healthRoutes({ version: '0.0.0', ...checks }),
  ];
  const server = createGateway({ accessTokens, log: log.log, routes, ...settings });
  await listen(server, { host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  describeAt(url, routes);
  return {
    url,
    sent,
    freshness,
    kept,
    logged: log.logged,
    refuse: (error) => {
      refusal = error;
    },
    close: async () => {
      await closeServer(server);
    },
  };
};
