import type { IncomingHttpHeaders } from 'node:http';
import { DomainError } from '../../domains/shared/errors.js';
import type { EventStore } from '../../infra/event-store/event-store.js';
import { readCheckpoint } from '../../infra/postgres/checkpoints.js';
import { reachingPostgres, type Postgres } from '../../infra/postgres/postgres.js';
import { orders as ordersView } from '../../projections/orders/projection.js';
import type { OrderQueries } from '../../projections/orders/queries.js';
import { freshnessOf } from '../http/freshness.js';

/** `newestOrderEvent`: the commit position of the last event of any order; `null` where there is none. */
export type OpenOrdersParts = Readonly<{
  orders: Pick<OrderQueries, 'list'>;
  newestOrderEvent: () => Promise<bigint | null>;
}>;

/**
 * Looks whether an order of the person is under way, in a view that has seen every order up to now.
 *
 * @throws DomainError `user.has_open_orders`; `view.behind` where the view does not get there in time.
 */
export const refuseWithOpenOrders = async (
  { orders, newestOrderEvent }: OpenOrdersParts,
  userId: string,
  headers: IncomingHttpHeaders,
): Promise<void> => {
  const newest = await newestOrderEvent();
  const after = new Map(newest === null ? [] : [['order', newest] as const]);
  const { items } = await orders.list({ userId, status: 'PENDING' }, { limit: 1 }, { ...freshnessOf(headers), after });
  if (items.length > 0)
    throw new DomainError('user.has_open_orders', 'Orders of this person are not over yet; cancel them, or wait');
};

/**
 * The last event of any order, looked for from where the view of orders stands: its own position where there is none
 * after it. The head of the log would not do, since the view never comes to events of other categories.
 *
 * @throws DomainError `view.behind` where the view was never built; `service.unavailable` where the event store or
 * PostgreSQL is away.
 */
export const newestOrderEvent =
  (eventStore: Pick<EventStore, 'readNewer'>, postgres: Postgres) => async (): Promise<bigint | null> => {
    const seen = await reachingPostgres(() => readCheckpoint(postgres, ordersView).catch(refuseUnbuilt));
    const { through } = await eventStore.readNewer(['order'], seen);
    return through?.commit ?? null;
  };

/** Before the first view is built there is no table of checkpoints. */
const refuseUnbuilt = (error: unknown): never => {
  const isUnbuilt = error instanceof Error && 'code' in error && error.code === '42P01';
  throw isUnbuilt ? new DomainError('view.behind', 'The view of orders has not been built yet') : error;
};
