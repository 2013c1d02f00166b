import { DomainError } from '../../domains/shared/errors.js';
import type { OrderQueries, ShipmentView } from '../../projections/orders/queries.js';
import type { Found } from '../../projections/shared/queries.js';
import { freshnessOf } from '../http/freshness.js';
import { maySee, type GatewayRequest } from '../http/route.js';

/** A shipment as it is shown. */
export type ShownShipment = Omit<ShipmentView, 'userId'>;

/**
 * The shipment of an order as its view shows it, as fresh as the request asks.
 *
 * @throws DomainError `shipment.not_found` also where it is somebody else's; what the queries throw.
 */
export const shownShipment = async (
  orders: Pick<OrderQueries, 'shipmentOf'>,
  orderId: string,
  { caller, headers }: Pick<GatewayRequest, 'caller' | 'headers'>,
): Promise<Found<ShownShipment>> => {
  const found = await orders.shipmentOf(orderId, freshnessOf(headers));
  if (!found || !maySee(caller, found.item.userId))
    throw new DomainError('shipment.not_found', `There is no shipment of order ${orderId}`);
  const { userId, ...item } = found.item;
  return { ...found, item };
};
