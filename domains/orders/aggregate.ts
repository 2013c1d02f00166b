import type { Aggregate } from '../shared/service.js';
import type { OrderCommand } from './commands.js';
import { orderEvents, type OrderEvent } from './events.js';
import { order } from './order.js';
import type { Order } from './order-state.js';
import { orderUpcasters } from './upcasters.js';

/** Streams `order-<orderId>`. */
export const orderAggregate: Aggregate<Order, OrderCommand, OrderEvent> = {
  category: 'order',
  decider: order,
  events: orderEvents,
  upcasters: orderUpcasters,
};
