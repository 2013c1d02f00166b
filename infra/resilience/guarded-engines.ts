import type { EventStore } from '../event-store/event-store.js';
import { isMongoAway, type Mongo } from '../mongo/mongo.js';
import { isPoolExhausted, isPostgresAway, type Postgres } from '../postgres/postgres.js';
import type { JaegerQuery } from '../telemetry/jaeger-query.js';
import type { WorkflowReader } from '../temporal/workflow-reader.js';
import { guardedItems, type Guards } from './guards.js';

/** Longer than any read of one row, or append, takes on a machine that is busy, and short enough to wait for. */
const usuallyWithinMs = 4_000;

type Guarding = Pick<Guards, 'of'>;

export type Engines = Readonly<{ eventStore: EventStore; postgres: Postgres; mongo: Mongo }>;

/** The engines as requests ask them. */
export const guardedEngines = ({ eventStore, postgres, mongo }: Engines, guards: Guarding): Engines => ({
  eventStore: guardedEventStore(eventStore, guards),
  postgres: guardedPostgres(postgres, guards),
  mongo: guardedMongo(mongo, guards),
});

/**
 * The pool, of which every query is guarded. A connection of its own is tried before it is given: one from the pool says
 * nothing of the server.
 */
export const guardedPostgres = (pool: Postgres, guards: Guarding): Postgres => {
  // The pool ends its calls itself: one that was given up here could keep its connection.
  const guard = guards.of({ name: 'PostgreSQL', isAway: isPostgresAway, isNotAsked: isPoolExhausted });
  const ask = pool.query.bind(pool) as unknown as (...given: unknown[]) => Promise<unknown>;
  const query = (...given: unknown[]) => guard(() => ask(...given));
  const connect = () =>
    guard(async () => {
      const connection = await pool.connect();
      try {
        await connection.query('select 1');
        return connection;
      } catch (error) {
        connection.release(true);
        throw error;
      }
    });
  return new Proxy(pool, {
    get: (target, name) => {
      if (name === 'query') return query;
      return name === 'connect' ? connect : (Reflect.get(target, name) as unknown);
    },
  });
};

/** MongoDB, of which everything that reaches for it by `reachingMongo` is guarded. */
export const guardedMongo = (mongo: Mongo, guards: Guarding): Mongo => ({
  ...mongo,
  guard: guards.of({ name: 'MongoDB', timeoutMs: usuallyWithinMs, isAway: isMongoAway }),
});

/** The event store, of which all but what is followed for ever is guarded. */
export const guardedEventStore = (eventStore: EventStore, guards: Guarding): EventStore => {
  const upstream = { name: 'The event store', timeoutMs: usuallyWithinMs };
  const guard = guards.of(upstream);
  const guardChanges = guards.of({ ...upstream, changes: true });
  return {
    ...eventStore,
    append: (...given) => guardChanges(() => eventStore.append(...given)),
    readStream: (...given) => guardedItems(guard, eventStore.readStream(...given)),
    readNewer: (...given) => guard(() => eventStore.readNewer(...given)),
    readAll: (...given) => guardedItems(guard, eventStore.readAll(...given)),
    readAllAfter: (...given) => guard(() => eventStore.readAllAfter(...given)),
    firstNewer: (...given) => guard(() => eventStore.firstNewer(...given)),
    head: () => guard(eventStore.head),
  };
};

/** Temporal, which its reader waits for no longer than it says itself. */
export const guardedWorkflows = (workflows: WorkflowReader, guards: Guarding): WorkflowReader => {
  const guard = guards.of({ name: 'Temporal' });
  return {
    ...workflows,
    read: (...given) => guard(() => workflows.read(...given)),
    history: (...given) => guard(() => workflows.history(...given)),
  };
};

/** Jaeger, without which everything goes on: whoever asks waits for it no longer than this. */
export const guardedJaeger = (jaeger: JaegerQuery, guards: Guarding): JaegerQuery => {
  const guard = guards.of({ name: 'Jaeger', timeoutMs: 2_000, isAway: () => true });
  return {
    trace: (...given) => guard(() => jaeger.trace(...given)),
    traces: (...given) => guard(() => jaeger.traces(...given)),
  };
};
