import type { IncomingHttpHeaders } from 'node:http';
import { DomainError } from '../../domains/shared/errors.js';
import type { EventStore } from '../../infra/event-store/event-store.js';
import type { OrderQueries } from '../../projections/orders/queries.js';
import { freshnessOf } from '../http/freshness.js';

export type OpenOrdersParts = Readonly<{
  orders: Pick<OrderQueries, 'list'>;
  eventStore: Pick<EventStore, 'head'>;
}>;

/**
 * Looks whether an order of the person is under way, in a view that has seen everything up to now.
 *
 * @throws DomainError `user.has_open_orders`; `view.behind` where the view does not get there in time.
 */
export const refuseWithOpenOrders = async (
  { orders, eventStore }: OpenOrdersParts,
  userId: string,
  headers: IncomingHttpHeaders,
): Promise<void> => {
  const head = await eventStore.head();
  const after = new Map(head === null ? [] : [['order', head.commit] as const]);
  const open = { userId, status: 'PENDING' };
  const { items } = await orders.list(open, { limit: 1 }, { ...freshnessOf(headers), after });
  if (items.length > 0)
    throw new DomainError('user.has_open_orders', 'Orders of this person are not over yet; cancel them, or wait');
};
