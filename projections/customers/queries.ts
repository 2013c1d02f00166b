import type { Mongo } from '../../infra/mongo/mongo.js';
import type { PersonalKeys } from '../../infra/security/personal-keys.js';
import { openKept } from '../../infra/security/sealing.js';
import { readMongoView } from '../shared/mongo-view.js';
import type { Found, Freshness } from '../shared/queries.js';
import { customers, type CustomerView } from './projection.js';

export type { CustomerView } from './projection.js';

export type CustomerQueries = Readonly<{
  byId: (userId: string, freshness: Freshness) => Promise<Found<CustomerView> | null>;
}>;

/** Throws as `readMongoView` does, and `service.unavailable` where a person's key cannot be looked up. */
export const createCustomerQueries = (mongo: Mongo, personalKeys: Pick<PersonalKeys, 'find'>): CustomerQueries => {
  const rows = readMongoView<CustomerView>(mongo, customers);
  return {
    byId: async (userId, freshness) => {
      const found = await rows.byKey(userId, freshness);
      return found && { ...found, item: await openKept(personalKeys, userId, customers.personal ?? [], found.item) };
    },
  };
};
