import { DomainError } from '../../domains/shared/errors.js';
import type { OrderQueries, OrderView } from '../../projections/orders/queries.js';
import type { Found } from '../../projections/shared/queries.js';
import { freshnessOf } from '../http/freshness.js';
import { maySee, type GatewayRequest } from '../http/route.js';

/**
 * The order of a request as its view shows it, as fresh as the request asks.
 *
 * @throws DomainError `order.not_found` also where it is somebody else's; what the queries throw.
 */
export const shownOrder = async (
  orders: Pick<OrderQueries, 'byId'>,
  { params: { id }, caller, headers }: Pick<GatewayRequest<'/orders/:id'>, 'params' | 'caller' | 'headers'>,
): Promise<Found<OrderView>> => {
  const order = await orders.byId(id, freshnessOf(headers));
  if (!order || !maySee(caller, order.item.userId)) throw new DomainError('order.not_found', `There is no order ${id}`);
  return order;
};
