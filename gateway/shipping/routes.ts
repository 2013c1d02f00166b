import { DomainError } from '../../domains/shared/errors.js';
import type { Lookups } from '../../infra/security/lookups.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import type { OrderQueries } from '../../projections/orders/queries.js';
import { commandAnswer, commandContext } from '../http/command-context.js';
import { foundAnswer } from '../http/conditional.js';
import { freshnessOf } from '../http/freshness.js';
import { maySee, route, type Route } from '../http/route.js';
import { TrackingDto } from './dto.js';

export type ShippingParts = Readonly<{
  bus: ServiceBus;
  lookups: Lookups;
  orders: Pick<OrderQueries, 'shipmentOf'>;
}>;

/** The shipments of orders. */
export const shippingRoutes = ({ bus, lookups, orders }: ShippingParts): readonly Route[] => [
  route('GET', '/shipments/:orderId', { access: 'signed_in' }, async ({ params: { orderId }, caller, headers }) => {
    const found = await orders.shipmentOf(orderId, freshnessOf(headers));
    if (!found || !maySee(caller, found.item.userId))
      throw new DomainError('shipment.not_found', `There is no shipment of order ${orderId}`);
    const { userId, ...shipment } = found.item;
    return foundAnswer(headers, { ...found, item: shipment });
  }),

  route(
    'POST',
    '/shipments/:orderId/tracking',
    { access: { roles: ['staff'] }, body: TrackingDto },
    async (request) => {
      const { message } = await commandContext(request, lookups);
      const { orderId } = request.params;
      const { status, location = null, note = null } = request.body;
      const tracking = { orderId, status, location, note };
      return commandAnswer(await bus.send('shipping', message('UpdateTracking', tracking)), {
        status: 201,
        body: tracking,
      });
    },
  ),
];
