import type { EventStore } from '../infra/event-store/event-store.js';
import type { Mongo } from '../infra/mongo/mongo.js';
import type { Postgres } from '../infra/postgres/postgres.js';
import type { PersonalKeys } from '../infra/security/personal-keys.js';
import { createAccountQueries } from '../projections/accounts/queries.js';
import { createCartQueries } from '../projections/carts/queries.js';
import { createCatalogQueries } from '../projections/catalog/queries.js';
import { createNotificationQueries } from '../projections/notifications/queries.js';
import { createOrderQueries, newestOrderEvent } from '../projections/orders/queries.js';
import { createPaymentQueries } from '../projections/payments/queries.js';
import { createStockQueries } from '../projections/stock/queries.js';

/** The queries of all views, by the parts that take them. */
export const createViewQueries = ({ eventStore, postgres, mongo, personalKeys }: ViewQueryParts) => ({
  accounts: createAccountQueries(postgres, personalKeys),
  orders: createOrderQueries(postgres),
  newestOrderEvent: newestOrderEvent(eventStore, postgres),
  payments: createPaymentQueries(postgres),
  stock: createStockQueries(postgres),
  catalog: createCatalogQueries(mongo),
  carts: createCartQueries(mongo),
  notifications: createNotificationQueries(mongo),
});

type ViewQueryParts = Readonly<{
  eventStore: EventStore;
  postgres: Postgres;
  mongo: Mongo;
  personalKeys: Pick<PersonalKeys, 'find'>;
}>;
