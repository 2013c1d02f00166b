import { createEventStore } from '../../../infra/event-store/event-store.js';
import { createMongo } from '../../../infra/mongo/mongo.js';
import { createPostgres } from '../../../infra/postgres/postgres.js';
import type { ViewOperations } from '../../../infra/soak/projections-operations.js';
import { createOperations } from '../../../projections/runner/operations.js';
import { createViewBuilds } from '../../../projections/runner/view-builds.js';
import { views } from '../../../projections/views.js';

/** What people do with views, within the process of the test. */
export const openViewOperations = (
  env: Readonly<Record<'EVENTSTORE_URL' | 'POSTGRES_URL' | 'MONGODB_URL', string>>,
): ViewOperations & Readonly<{ close: () => Promise<void> }> => {
  const eventStore = createEventStore(env.EVENTSTORE_URL);
  const postgres = createPostgres(env.POSTGRES_URL);
  const mongo = createMongo(env.MONGODB_URL);
  const builds = createViewBuilds(views, { postgres, mongo });
  return {
    ...createOperations({ builds, postgres, eventStore }),
    close: async () => {
      await Promise.all([eventStore.dispose(), postgres.end(), mongo.close()]);
    },
  };
};
