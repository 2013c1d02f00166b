import { isDomainError } from '../../domains/shared/errors.js';
import { traceIdOf } from '../../infra/telemetry/tracing.js';
import type { CartQueries } from '../../projections/carts/queries.js';
import type { CatalogQueries } from '../../projections/catalog/queries.js';
import type { NotificationQueries } from '../../projections/notifications/queries.js';
import type { OrderQueries } from '../../projections/orders/queries.js';
import type { PaymentQueries } from '../../projections/payments/queries.js';
import type { Found } from '../../projections/shared/queries.js';
import { ownCart } from '../carts/own-cart.js';
import { briefly, freshnessOf } from '../http/freshness.js';
import { query, type GatewayRequest, type Route } from '../http/route.js';
import { found } from '../http/success.js';
import { shownOrder } from '../orders/shown-order.js';
import { shownPayment } from '../payments/shown-payment.js';
import { shownShipment } from '../shipping/shown-shipment.js';
import { MobileHomeAnswer, OrderScreenAnswer, WebHomeAnswer } from './answers.js';
import { screenOf } from './screen.js';

export type ScreenRouteParts = Readonly<{
  catalog: CatalogQueries;
  carts: CartQueries;
  orders: OrderQueries;
  payments: PaymentQueries;
  notifications: NotificationQueries;
}>;

const access = { roles: ['customer'] } as const;

/** Screens: all that one shows in one call, its parts read at once. */
export const screenRoutes = (parts: ScreenRouteParts): readonly Route[] => {
  const { catalog, orders, payments, notifications } = parts;

  /** What both first screens show, so much of it. */
  const homeOf = ({ caller: { userId }, headers }: Pick<GatewayRequest, 'caller' | 'headers'>) => {
    const freshness = freshnessOf(briefly(headers));
    return {
      products: async (limit: number) => (await catalog.list({}, { limit }, freshness)).items,
      categories: async () => (await catalog.categories({ limit: 100 }, freshness)).items,
      cart: () => ownCart(parts, userId, freshness),
      orders: async (limit: number) => (await orders.list({ userId }, { limit }, freshness)).items,
      notifications: async (limit: number) => (await notifications.inboxOf(userId, { limit }, freshness)).items,
    };
  };

  return [
    query(
      'GET',
      '/bff/web/home',
      { id: 'getWebHome', summary: 'The first screen in a browser', access, answers: found(WebHomeAnswer) },
      async (request) => {
        const home = homeOf(request);
        const { categories, cart } = home;
        const screen = {
          products: () => home.products(20),
          ...{ categories, cart },
          orders: () => home.orders(5),
          notifications: () => home.notifications(5),
        };
        return { status: 200, body: await screenOf(screen, traceIdOf(request.traceparent)) };
      },
    ),

    query(
      'GET',
      '/bff/mobile/home',
      { id: 'getMobileHome', summary: 'The first screen on a telephone', access, answers: found(MobileHomeAnswer) },
      async (request) => {
        const home = homeOf(request);
        const screen = {
          products: async () =>
            (await home.products(10)).map(({ id, name, price, available }) => ({ id, name, price, available })),
          cart: async () => {
            const { items, total } = await home.cart();
            return { pieces: items.reduce((sum, { quantity }) => sum + quantity, 0), total };
          },
          orders: async () => (await home.orders(3)).map(({ id, status, total }) => ({ id, status, total })),
        };
        return { status: 200, body: await screenOf(screen, traceIdOf(request.traceparent)) };
      },
    ),

    query(
      'GET',
      '/bff/web/orders/:id',
      {
        ...{ id: 'getOrderScreen', summary: 'The screen of an order', access, answers: found(OrderScreenAnswer) },
        refuses: ['order.not_found'],
      },
      async (request) => {
        const { id } = request.params;
        const asked = { ...request, headers: briefly(request.headers) };
        const screen = {
          order: async () => (await shownOrder(orders, asked)).item,
          payment: () => itemOrNone(shownPayment(payments, id, asked)),
          shipment: () => itemOrNone(shownShipment(orders, id, asked)),
        };
        return { status: 200, body: await screenOf(screen, traceIdOf(request.traceparent)) };
      },
    ),
  ];
};

/** An order need not have one yet. */
const itemOrNone = async <Item>(reading: Promise<Found<Item>>): Promise<Item | null> => {
  try {
    return (await reading).item;
  } catch (error) {
    if (isDomainError(error) && error.code.endsWith('.not_found')) return null;
    throw error;
  }
};
