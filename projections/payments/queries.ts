import type { Postgres } from '../../infra/postgres/postgres.js';
import { readPostgresView } from '../shared/postgres-view.js';
import type { Found, Freshness } from '../shared/queries.js';
import { payments, type PaymentView } from './projection.js';

export type { PaymentView } from './projection.js';

export type PaymentQueries = Readonly<{
  /** The payment of an order; `null` before the first attempt. */
  byOrder: (orderId: string, freshness: Freshness) => Promise<Found<PaymentView> | null>;
}>;

/** Throws as `readPostgresView` does. */
export const createPaymentQueries = (postgres: Postgres): PaymentQueries => ({
  byOrder: readPostgresView<PaymentView>(postgres, payments).byKey,
});
