import type { OrderRequest } from '../../domains/orders/commands.js';
import { DomainError } from '../../domains/shared/errors.js';
import type { Lookups } from '../../infra/security/lookups.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import type { OrderQueries } from '../../projections/orders/queries.js';
import { commandAnswer, commandContext } from '../http/command-context.js';
import { foundAnswer } from '../http/conditional.js';
import { freshnessOf } from '../http/freshness.js';
import { pageOf } from '../http/page-query.js';
import { basePath, isStaff, maySee, route, type Route } from '../http/route.js';
import { OrderDto, OrdersQuery } from './dto.js';
import { shownOrder } from './shown-order.js';

export type OrderParts = Readonly<{ bus: ServiceBus; lookups: Lookups; orders: OrderQueries }>;

/** Orders. */
export const orderRoutes = ({ bus, lookups, orders }: OrderParts): readonly Route[] => [
  route('POST', '/orders', { access: { roles: ['customer', 'staff'] }, body: OrderDto }, async (request) => {
    const { caller } = request;
    const { userId = caller.userId, items, paymentMethod, shippingAddress } = request.body;
    if (!maySee(caller, userId)) throw new DomainError('auth.forbidden', 'Only staff order for somebody else');
    const { newId: orderId, message } = await commandContext(request, lookups);
    const order: OrderRequest = { orderId, userId, items, paymentMethod, shippingAddress };
    const receipt = await bus.send('orders', message('PlaceOrder', order));
    const headers = { Location: `${basePath}/orders/${orderId}` };
    return commandAnswer(receipt, { status: 201, headers, body: receipt.answer });
  }),

  route('GET', '/orders', { access: 'signed_in', query: OrdersQuery }, async ({ query, caller, headers }) => {
    const { page, filter } = pageOf(query);
    const whose = isStaff(caller) ? {} : { userId: caller.userId };
    return { status: 200, body: await orders.list({ ...filter, ...whose }, page, freshnessOf(headers)) };
  }),

  route('GET', '/orders/:id', { access: 'signed_in' }, async (request) =>
    foundAnswer(request.headers, await shownOrder(orders, request)),
  ),
];
