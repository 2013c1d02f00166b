import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { DomainError } from '../../../domains/shared/errors.js';
import type { ReadinessChecks } from '../../../infra/process/health.js';
import { closeServer, listen } from '../../../infra/process/server.js';
import type { AccessTokens } from '../../../infra/security/access-tokens.js';
import type { CommandMessage, ServiceBus } from '../../../infra/service-bus/service-bus.js';
import type { OrderView } from '../../../projections/orders/queries.js';
import type { Freshness } from '../../../projections/shared/queries.js';
import { catalogRoutes } from '../../catalog/routes.js';
import { healthRoutes } from '../../health/routes.js';
import { inventoryRoutes } from '../../inventory/routes.js';
import { orderRoutes } from '../../orders/routes.js';
import { paymentRoutes } from '../../payments/routes.js';
import { userRoutes } from '../../users/routes.js';
import { signInRoutes } from '../../users/sign-in-routes.js';
import { createGateway } from '../server.js';

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

type LogLine = Readonly<Record<string, unknown>>;

const money = { amount: 450, currency: 'EUR' };
const mug = { id: 'mug', sku: 'MUG-1', name: 'Mug', description: '', price: money, categories: [], available: 3 };
const order: OrderView = {
  id: 'o1',
  userId: 'ada',
  status: 'PENDING',
  statusReason: null,
  items: [],
  total: money,
  payment: null,
  shipment: null,
  placedAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  version: 0,
};
const payment = {
  orderId: 'o1',
  userId: 'ada',
  status: 'PENDING',
  method: 'pm_ok',
  authorised: money,
  captured: { ...money, amount: 0 },
  refunded: { ...money, amount: 0 },
  attempts: [],
} as const;

const found = <Item>(item: Item) => ({ item, etag: '"1-42"' });

/** A token names its bearer and roles: `ada:customer`. */
export const accessTokens: AccessTokens = {
  issue: ({ userId, roles }) => Promise.resolve({ accessToken: [userId, ...roles].join(':'), expiresIn: 900 }),
  verify: async (token) => {
    if (token === 'expired') throw new DomainError('auth.expired_token', 'The access token has expired');
    if (!token.includes(':')) throw new DomainError('auth.invalid_token', 'The access token is not one of ours');
    const [userId = '', ...roles] = token.split(':');
    return Promise.resolve({ userId, roles });
  },
  jwks: () => Promise.resolve({ keys: [] }),
};

const lookups = {
  emailHash: (email: string) => Promise.resolve(Buffer.from(email).toString('hex')),
  requestHash: (body: unknown) => Promise.resolve(JSON.stringify(body)),
};

export const startTestGateway = async (
  checks: Readonly<{ needed: ReadinessChecks; others: ReadinessChecks }> = { needed: {}, others: {} },
): Promise<TestGateway> => {
  const sent: CommandMessage[] = [];
  const freshness: Freshness[] = [];
  const kept = new Map<string, string>();
  const log = keptLog();
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
        answer: { id: orderId, status: 'PENDING' },
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
    issue: (userId: string) => Promise.resolve(`refresh ${userId}`),
    ownerOf: (token: string) => Promise.resolve(token.slice('refresh '.length)),
    rotate: (token: string) => Promise.resolve({ userId: token.slice('refresh '.length), refreshToken: token }),
    revoke: () => Promise.resolve(),
    revokeAllOf: () => Promise.resolve(),
  };

  const parts = { bus, graceSeconds: 60, lookups, credentials, accessTokens, refreshTokens };
  const server = createGateway({
    accessTokens,
    log: log.log,
    routes: [
      ...userRoutes(parts),
      ...signInRoutes(parts),
      ...catalogRoutes({
        ...parts,
        catalog: {
          byId: (id, given) => seen(given, id === 'mug' ? found(mug) : null),
          list: (_filter, _page, given) => seen(given, { items: [mug], nextCursor: null }),
        },
      }),
      ...inventoryRoutes({
        ...parts,
        stock: {
          byProduct: (productId, given) =>
            seen(given, productId === 'mug' ? found({ productId, onHand: 3, reserved: 0, available: 3 }) : null),
        },
      }),
      ...orderRoutes({
        ...parts,
        orders: {
          byId: (id, given) => seen(given, id === 'o1' ? found(order) : null),
          list: ({ userId }, _page, given) =>
            seen(given, { items: userId === undefined || userId === 'ada' ? [order] : [], nextCursor: null }),
          isAnyUnderWay: (userId, given) => seen(given, userId === 'ada'),
        },
      }),
      ...paymentRoutes({
        ...parts,
        payments: { byOrder: (id, given) => seen(given, id === 'o1' ? found(payment) : null) },
      }),
      ...healthRoutes({ version: '0.0.0', ...checks }),
    ],
  });
  await listen(server, { host: '127.0.0.1', port: 0 });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
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

/** A log whose lines can be awaited by their number. */
export const keptLog = () => {
  const lines: LogLine[] = [];
  const waiting = new Set<() => void>();
  const write = (line: string) => {
    lines.push(JSON.parse(line) as LogLine);
    waiting.forEach((look) => look());
  };
  const logged = (count: number) =>
    new Promise<readonly LogLine[]>((resolve) => {
      const look = () => {
        if (lines.length < count) return;
        waiting.delete(look);
        resolve(lines);
      };
      waiting.add(look);
      look();
    });
  return { log: pino({ level: 'info', base: null, serializers: { err: () => 'an error' } }, { write }), logged };
};
