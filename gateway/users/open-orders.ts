import type { IncomingHttpHeaders } from 'node:http';
import { DomainError } from '../../domains/shared/errors.js';
import type { OrderQueries } from '../../projections/orders/queries.js';
import { freshnessOf } from '../http/freshness.js';

/** `newestOrderEvent`: the commit position of the last event of any order; `null` where there is none. */
export type OpenOrdersParts = Readonly<{
  orders: Pick<OrderQueries, 'isAnyUnderWay'>;
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
  if (await orders.isAnyUnderWay(userId, { ...freshnessOf(headers), after }))
    throw new DomainError('user.has_open_orders', 'Orders of this person are not over yet; cancel them, or wait');
};
