import type { AccessTokens } from '../../infra/security/access-tokens.js';
import type { OrderChange, OrderFeed, OrderQueries } from '../../projections/orders/queries.js';
import { eventStream, lastEventIdOf, message } from '../http/event-stream.js';
import { query, route, type GatewayRequest, type Route, type StreamedAnswer } from '../http/route.js';
import { events } from '../http/success.js';
import { EventsQuery } from './dto.js';
import { shownOrder } from './shown-order.js';

export type OrderEventParts = Readonly<{
  orders: OrderQueries;
  orderFeed: OrderFeed;
  accessTokens: Pick<AccessTokens, 'whenOver'>;
}>;

/** Orders as they change, by Server-Sent Events. */
export const orderEventRoutes = ({ orders, orderFeed, accessTokens }: OrderEventParts): readonly Route[] => {
  const messageOf = createMessageOf();
  const changes = async (
    {
      headers,
      query: asked,
      caller,
    }: Pick<GatewayRequest<string, unknown, EventsQuery>, 'headers' | 'query' | 'caller'>,
    key?: string,
  ): Promise<StreamedAnswer> => {
    const start = lastEventIdOf(headers, asked) ?? (await orderFeed.watermark());
    return eventStream<OrderChange>({
      start,
      whenOver: (end) => accessTokens.whenOver(caller, end),
      messageOf,
      follow: (deliver, signal) => orderFeed.follow({ after: start, key, deliver }, signal),
    });
  };

  return [
    query(
      'GET',
      '/orders/:id/events',
      {
        id: 'followOrder',
        summary: 'An order as it changes',
        access: 'signed_in',
        query: EventsQuery,
        answers: events,
        refuses: ['order.not_found'],
      },
      async (request) => {
        const { item } = await shownOrder(orders, request);
        return changes(request, item.id);
      },
    ),

    route(
      'GET',
      '/events/orders',
      {
        id: 'followOrders',
        summary: 'All orders as they change',
        access: { roles: ['staff'] },
        query: EventsQuery,
        answers: events,
        refuses: ['view.behind'],
      },
      (request) => changes(request),
    ),
  ];
};

/** Thousands may be told of the same change: its message is made once. */
const createMessageOf = () => {
  const made = new WeakMap<OrderChange, string>();
  return (told: OrderChange): string => {
    const text = made.get(told) ?? message('order', { orderId: told.key, ...told.change });
    made.set(told, text);
    return text;
  };
};
