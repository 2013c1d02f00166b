import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { startEngines } from '../../../infra/engines/testing/engines-for-tests.js';
import { createEventStore, type EventStore } from '../../../infra/event-store/event-store.js';
import type { Message } from '../../../domains/shared/decider.js';
import { createMongo, type Mongo } from '../../../infra/mongo/mongo.js';
import { createPostgres, type Postgres } from '../../../infra/postgres/postgres.js';
import type { Freshness } from '../queries.js';

/** Tests only. The engines of the read side, and a writer in place of the domains. */
export type ReadSide = Readonly<{
  eventStore: EventStore;
  postgres: Postgres;
  mongo: Mongo;
  env: Awaited<ReturnType<typeof startEngines>>['env'];
  dataDir: string;
  /** Appends events to the end of a stream. Gives the position of the last one. */
  append: (streamId: string, ...events: readonly Message[]) => Promise<bigint>;
  /** The same, at an instant of its own. */
  appendAt: (when: Readonly<{ at: string }>, streamId: string, ...events: readonly Message[]) => Promise<bigint>;
  stop: () => Promise<void>;
}>;

export const startReadSide = async (): Promise<ReadSide> => {
  const engines = await startEngines(['event-store', 'postgres', 'mongodb']);
  const eventStore = createEventStore(engines.env.EVENTSTORE_URL);
  const postgres = createPostgres(engines.env.POSTGRES_URL);
  const mongo = createMongo(engines.env.MONGODB_URL);
  const stop = async () => {
    await Promise.all([eventStore.dispose(), postgres.end(), mongo.close()]);
    await engines.stop();
  };
  return { eventStore, postgres, mongo, env: engines.env, dataDir: engines.dataDir, ...appendTo(eventStore), stop };
};

/** A log that says nothing. */
export const silent = pino({ level: 'silent' });

/** As fresh as a position of a category, however long that takes. */
export const freshAs = (category: string, position: bigint): Freshness => ({
  after: new Map([[category, position]]),
  waitMs: 30_000,
});

/** As it is once it is there at all. */
export const onceBuilt: Freshness = { after: new Map(), waitMs: 30_000 };

/** As it is now. */
export const asItIs: Freshness = { after: new Map(), waitMs: 0 };

const appendTo = (eventStore: EventStore) => {
  const revisions = new Map<string, number>();
  const appendAt: ReadSide['appendAt'] = async ({ at }, streamId, ...events) => {
    const appended = await eventStore.append(
      streamId,
      events.map(({ type, data }) => ({
        id: randomUUID(),
        type,
        data: data as object as Record<string, unknown>,
        metadata: metadata(at),
      })),
      revisions.get(streamId) ?? 'no_stream',
    );
    revisions.set(streamId, appended.revision);
    return appended.position.commit;
  };
  const append: ReadSide['append'] = (streamId, ...events) => {
    const at = new Date(Date.UTC(2030, 0, 1) + revisions.size * 1000).toISOString();
    return appendAt({ at }, streamId, ...events);
  };
  return { append, appendAt };
};

const metadata = (at: string) => ({
  $correlationId: 'c',
  $causationId: 'c',
  commandId: 'c',
  actor: '(test)',
  at,
  schemaVersion: 1,
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
});
