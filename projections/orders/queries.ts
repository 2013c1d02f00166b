import { DomainError } from '../../domains/shared/errors.js';
import type { EventStore } from '../../infra/event-store/event-store.js';
import type { Log } from '../../infra/logging/log.js';
import { reachingPostgres, type Postgres } from '../../infra/postgres/postgres.js';
import { createChangeFeed, type ChangeFeed } from '../shared/change-feed/change-feed.js';
import type { Change } from '../shared/change-feed/change-log.js';
import { decodeCursor, pageOf } from '../shared/cursor.js';
import { liveBuild, readPostgresView } from '../shared/postgres-view.js';
import { asItIs, foundAs, type Found, type Freshness, type Page, type PageRequest } from '../shared/queries.js';
import { orders, type OrderRow } from './projection.js';
import type { Shipment } from './shipment.js';
import { shownParts, type ShownPayment, type ShownShipment } from './shown.js';

/** An order as the API shows it. */
export type OrderView = Omit<OrderRow, 'payment' | 'shipment' | 'waiting'> &
  Readonly<{ payment: ShownPayment | null; shipment: ShownShipment | null }>;

/** The shipment of an order, and whose it is. */
export type ShipmentView = Shipment & Readonly<{ orderId: string; userId: string }>;

/** `from` and `to` are instants of placing; `from` is included, `to` is not. */
export type OrderFilter = Readonly<{
  userId?: string | undefined;
  status?: string | undefined;
  /** Why an order is where it is, such as `needs_attention`. */
  reason?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}>;

export type OrderQueries = Readonly<{
  byId: (id: string, freshness: Freshness) => Promise<Found<OrderView> | null>;
  /** Newest first. @throws DomainError `request.invalid_cursor` or, for `from` and `to`, `request.invalid` */
  list: (filter: OrderFilter, page: PageRequest, freshness: Freshness) => Promise<Page<OrderView>>;
  /** The shipment of an order; `null` while there is none. */
  shipmentOf: (orderId: string, freshness: Freshness) => Promise<Found<ShipmentView> | null>;
  /** Whether an order of the person is under way, or waits for somebody to say how it goes on. */
  isAnyUnderWay: (userId: string, freshness: Freshness) => Promise<boolean>;
}>;

/** What an event changed in an order. */
export type OrderChange = Change<
  Pick<OrderView, 'userId' | 'status' | 'statusReason' | 'payment' | 'shipment' | 'version' | 'updatedAt'> &
    Readonly<{ type: string }>
>;
export type OrderFeed = ChangeFeed<OrderChange['change']>;

/** The changes of orders as they happen. */
export const createOrderFeed = (parts: Readonly<{ postgres: Postgres; log: Log }>): OrderFeed =>
  createChangeFeed(parts, orders);

/** How many orders were rejected since there was not enough in stock. Throws as `readPostgresView` does. */
export const countRefusedForStock = (postgres: Postgres): (() => Promise<number>) => {
  const { count } = readPostgresView<OrderRow>(postgres, orders);
  return () => count(`where status = 'REJECTED' and data->>'statusReason' = 'out_of_stock'`, [], asItIs);
};

/** Its saga runs until the goods have arrived. */
const isUnderWay = `status in ('PENDING', 'PAID', 'SHIPPED')`;

/** Throws as `readPostgresView` does. */
export const createOrderQueries = (postgres: Postgres): OrderQueries => {
  const rows = readPostgresView<OrderRow>(postgres, orders);
  return {
    byId: async (id, freshness) => foundAs(await rows.byKey(id, freshness), shown),
    list: async (filter, page, freshness) => {
      const { conditions, values } = matching(filter, page);
      const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
      const limit = `limit $${values.length + 1}`;
      const clauses = `${where} order by placed_at desc, key desc ${limit}`;
      const found = await rows.select(clauses, [...values, page.limit + 1], freshness);
      return pageOf(found.map(shown), page, ({ placedAt, id }) => [placedAt, id]);
    },
    shipmentOf: async (orderId, freshness) => {
      const found = await rows.byKey(orderId, freshness);
      if (!found?.item.shipment) return null;
      const { userId, shipment } = found.item;
      return { ...found, item: { orderId, userId, ...shipment } };
    },
    isAnyUnderWay: async (userId, freshness) => {
      const found = await rows.complete(`where user_id = $1 and ${isUnderWay} limit 1`, [userId], freshness);
      return found.length > 0;
    },
  };
};

const shown = ({ waiting, ...row }: OrderRow): OrderView => ({ ...row, ...shownParts(row) });

const matching = ({ userId, status, reason, from, to }: OrderFilter, { cursor }: PageRequest) => {
  const values: string[] = [];
  const bind = (value: string) => `$${values.push(value)}`;
  const conditions: string[] = [];
  if (userId !== undefined) conditions.push(`user_id = ${bind(userId)}`);
  if (status !== undefined) conditions.push(`status = ${bind(status)}`);
  if (reason !== undefined) conditions.push(`data->>'statusReason' = ${bind(reason)}`);
  if (from !== undefined) conditions.push(`placed_at >= ${bind(instant('from', from))}`);
  if (to !== undefined) conditions.push(`placed_at < ${bind(instant('to', to))}`);
  if (cursor !== undefined) {
    const [placedAt, id] = decodeCursor(cursor, ['string', 'string']);
    conditions.push(`(placed_at, key) < (${bind(placedAt)}, ${bind(id)})`);
  }
  return { conditions, values };
};

/** In the format that views keep. */
const instant = (name: string, given: string): string => {
  const time = new Date(given);
  if (Number.isNaN(time.getTime()))
    throw new DomainError('request.invalid', `${name} must be an ISO 8601 time`, [
      { pointer: `/${name}`, detail: 'must be an ISO 8601 time' },
    ]);
  return time.toISOString();
};

/**
 * The last event of any order, looked for from where the view of orders stands: its own position where there is none
 * after it. The head of the log would not do, since the view never comes to events of other categories.
 *
 * @throws DomainError `view.behind` where the view was never built; `service.unavailable` where the event store or
 * PostgreSQL is away.
 */
export const newestOrderEvent =
  (eventStore: Pick<EventStore, 'readNewer'>, postgres: Postgres) => async (): Promise<bigint | null> => {
    const { watermark } = await reachingPostgres(() => liveBuild(postgres, orders));
    const seen = watermark === null ? null : { commit: watermark, prepare: watermark };
    const { through } = await eventStore.readNewer(['order'], seen);
    return through?.commit ?? null;
  };
