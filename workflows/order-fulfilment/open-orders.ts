import { ensureSchema, type Postgres } from '../../infra/postgres/postgres.js';

/** An order that may still need its saga. */
export type OpenOrder = Readonly<{ orderId: string; placedAt: Date }>;

/**
 * The orders that were placed and are not known to have ended. Events are relayed side by side, and again when a
 * checkpoint was set back: an order may stand here that has ended. A row alone proves nothing.
 */
export type OpenOrders = Readonly<{
  /** @param at ISO 8601 instant of the placing. */
  add: (orderId: string, at: string) => Promise<void>;
  remove: (orderId: string) => Promise<void>;
  /** So many orders at most that were placed longer ago than `graceSeconds`, in the order of their ids, after one. */
  page: (how: Readonly<{ after: string; most: number; graceSeconds: number }>) => Promise<readonly OpenOrder[]>;
}>;

const schema = `
  create table if not exists open_orders (
    order_id text primary key, placed_at timestamptz not null)`;

/** Makes its table when it is first used. Repeats change nothing. */
export const createOpenOrders = (postgres: Postgres): OpenOrders => {
  let made: Promise<void> | undefined;
  const table = () =>
    (made ??= ensureSchema(postgres, schema).catch((error: unknown) => {
      made = undefined;
      throw error;
    }));

  return {
    add: async (orderId, at) => {
      await table();
      await postgres.query('insert into open_orders (order_id, placed_at) values ($1, $2) on conflict do nothing', [
        orderId,
        at,
      ]);
    },

    remove: async (orderId) => {
      await table();
      await postgres.query('delete from open_orders where order_id = $1', [orderId]);
    },

    page: async ({ after, most, graceSeconds }) => {
      await table();
      const { rows } = await postgres.query<OpenOrder>(
        `select order_id as "orderId", placed_at as "placedAt" from open_orders
         where order_id collate "C" > $1 and placed_at < now() - make_interval(secs => $2)
         order by order_id collate "C" limit $3`,
        [after, graceSeconds, most],
      );
      return rows;
    },
  };
};
