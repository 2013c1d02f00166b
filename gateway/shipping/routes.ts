import type { Lookups } from '../../infra/security/lookups.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import { commandAnswer, commandContext } from '../http/command-context.js';
import { route, type Route } from '../http/route.js';
import { TrackingDto } from './dto.js';

export type ShippingParts = Readonly<{ bus: ServiceBus; lookups: Lookups }>;

/** The shipments of orders. */
export const shippingRoutes = ({ bus, lookups }: ShippingParts): readonly Route[] => [
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
