import type { OrderRequest } from '../../domains/orders/commands.js';
import { DomainError } from '../../domains/shared/errors.js';
import type { Lookups } from '../../infra/security/lookups.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import type { OrderQueries } from '../../projections/orders/queries.js';
import { commandAnswer, commandContext } from '../http/command-context.js';
import { foundAnswer } from '../http/conditional.js';
import { freshnessOf } from '../http/freshness.js';
import { pageOf } from '../http/page-query.js';
import { basePath, command, isStaff, maySee, query, type Route } from '../http/route.js';
import { createdAt, found } from '../http/success.js';
import { OrderAnswer, OrdersAnswer, PlacedOrderAnswer } from './answers.js';
import { NewOrderDto, OrdersQuery } from './dto.js';
import { placementRefusals } from './refusals.js';
import { shownOrder } from './shown-order.js';

export type OrderParts = Readonly<{ bus: ServiceBus; lookups: Lookups; orders: OrderQueries }>;

/** Orders. */
export const orderRoutes = ({ bus, lookups, orders }: OrderParts): readonly Route[] => [
  command(
    'POST',
    '/orders',
    {
      id: 'placeOrder',
      summary: 'Places an order; the platform says what it costs',
      access: { roles: ['customer', 'staff'] },
      body: NewOrderDto,
      answers: createdAt(PlacedOrderAnswer),
      refuses: ['auth.forbidden', ...placementRefusals],
    },
    async (request) => {
      const { caller } = request;
      const { userId = caller.userId, items, paymentMethod, shippingAddress } = request.body;
      if (!maySee(caller, userId)) throw new DomainError('auth.forbidden', 'Only staff order for somebody else');
      const { newId: orderId, message } = await commandContext(request, lookups);
      const order: OrderRequest = { orderId, userId, items, paymentMethod, shippingAddress };
      const receipt = await bus.send('orders', message('PlaceOrder', order));
      const headers = { Location: `${basePath}/orders/${orderId}` };
      return commandAnswer(receipt, { status: 201, headers, body: receipt.answer as PlacedOrderAnswer });
    },
  ),

  query(
    'GET',
    '/orders',
    {
      id: 'listOrders',
      summary: "The caller's orders, or for staff everybody's, newest first",
      access: 'signed_in',
      query: OrdersQuery,
      answers: found(OrdersAnswer),
      refuses: ['request.invalid_cursor'],
    },
    async ({ query: asked, caller, headers }) => {
      const { page, filter } = pageOf(asked);
      const whose = isStaff(caller) ? {} : { userId: caller.userId };
      return { status: 200, body: await orders.list({ ...filter, ...whose }, page, freshnessOf(headers)) };
    },
  ),

  query(
    'GET',
    '/orders/:id',
    {
      id: 'getOrder',
      summary: 'An order',
      access: 'signed_in',
      answers: found(OrderAnswer),
      refuses: ['order.not_found'],
    },
    async (request) => foundAnswer(await shownOrder(orders, request)),
  ),
];
