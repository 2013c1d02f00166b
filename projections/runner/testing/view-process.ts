import { createEventStore } from '../../../infra/event-store/event-store.js';
import { createMongo } from '../../../infra/mongo/mongo.js';
import { createPostgres } from '../../../infra/postgres/postgres.js';
import { countsView } from './counts.js';
import { runViews } from './run-views.js';

/**
 * Tests only. A process that keeps one view of counts until it is told to end: its store, name, category and the name of
 * the process are its arguments, the engines are in its environment.
 */
const [store = '', name = '', category = '', instance = ''] = process.argv.slice(2);
const { EVENTSTORE_URL = '', POSTGRES_URL = '', MONGODB_URL = '' } = process.env;
const engines = {
  eventStore: createEventStore(EVENTSTORE_URL),
  postgres: createPostgres(POSTGRES_URL),
  mongo: createMongo(MONGODB_URL),
};
const view = countsView(store === 'postgres' ? 'postgres' : 'mongodb', { name, category });
const running = runViews(engines, [{ view }], { instance, most: 5 });

process.once('SIGTERM', () => {
  void running
    .stop()
    .then(() => Promise.all([engines.eventStore.dispose(), engines.postgres.end(), engines.mongo.close()]));
});
