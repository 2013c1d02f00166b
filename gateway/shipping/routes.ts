import type { Lookups } from '../../infra/security/lookups.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import type { OrderQueries } from '../../projections/orders/queries.js';
import { commandAnswer, commandContext } from '../http/command-context.js';
import { foundAnswer } from '../http/conditional.js';
import { command, query, type Route } from '../http/route.js';
import { created, found } from '../http/success.js';
import { ShipmentAnswer, TrackingAnswer } from './answers.js';
import { NewTrackingDto } from './dto.js';
import { shownShipment } from './shown-shipment.js';

export type ShippingParts = Readonly<{
  bus: ServiceBus;
  lookups: Lookups;
  orders: Pick<OrderQueries, 'shipmentOf'>;
}>;

/** The shipments of orders. */
export const shippingRoutes = ({ bus, lookups, orders }: ShippingParts): readonly Route[] => [
  query(
    'GET',
    '/shipments/:orderId',
    {
      id: 'getShipment',
      summary: 'The shipment of an order',
      access: 'signed_in',
      answers: found(ShipmentAnswer),
      refuses: ['shipment.not_found'],
    },
    async (request) => foundAnswer(await shownShipment(orders, request.params.orderId, request)),
  ),

  command(
    'POST',
    '/shipments/:orderId/tracking',
    {
      id: 'addTracking',
      summary: 'Records what a carrier tells of a shipment',
      access: { roles: ['staff'] },
      body: NewTrackingDto,
      answers: created(TrackingAnswer),
      refuses: ['shipment.not_found', 'shipment.illegal_transition'],
    },
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
