import type { Mongo } from '../../infra/mongo/mongo.js';
import { readMongoView } from '../shared/mongo-view.js';
import type { Found, Freshness } from '../shared/queries.js';
import { customers, type CustomerView } from './projection.js';

export type { CustomerView } from './projection.js';

export type CustomerQueries = Readonly<{
  byId: (userId: string, freshness: Freshness) => Promise<Found<CustomerView> | null>;
}>;

/** Throws as `readMongoView` does. */
export const createCustomerQueries = (mongo: Mongo): CustomerQueries => ({
  byId: readMongoView<CustomerView>(mongo, customers).byKey,
});
