import type { Postgres } from '../../infra/postgres/postgres.js';
import { inTransaction, reachingPostgres } from '../../infra/postgres/postgres.js';
import { isDuplicateKey, reachingMongo, type Mongo } from '../../infra/mongo/mongo.js';
import { controlsIn } from '../shared/mongo-view.js';
import type { Control } from '../shared/view.js';
import { mustHold } from './mongo-checkpoints.js';
import { lockedBy } from './mongo-lock.js';
import type { HeldPartition } from './plan.js';
import { hold } from './postgres-checkpoints.js';
import { Overtaken } from './view-store.js';

/** What must still be held when a control changes. */
export type HeldBuild = Readonly<{ build: string; held: readonly HeldPartition[] }>;

/** The controls of the views of one store: which builds there are, and which of them serves. */
export type Controls = Readonly<{
  /** By the names of the views. */
  all: () => Promise<ReadonlyMap<string, Control>>;
  /**
   * Changes the control of a view, one after another.
   *
   * @throws Overtaken where something of `held` is no longer held, or somebody else has changed it meanwhile; what
   * `transition` throws.
   */
  change: (
    view: string,
    transition: (control: Control | null) => Control,
    held?: readonly HeldBuild[],
  ) => Promise<void>;
}>;

export const controlsInPostgres = (postgres: Postgres): Controls => ({
  all: () =>
    reachingPostgres(async () => {
      const { rows } = await postgres.query<{ view: string; control: Control }>({
        name: 'all-controls',
        text: 'select view, control from projection_views',
      });
      return new Map(rows.map(({ view, control }) => [view, control]));
    }),
  change: (view, transition, held = []) =>
    reachingPostgres(() =>
      inTransaction(postgres, async (connection) => {
        await connection.query(`select pg_advisory_xact_lock(hashtext('control ' || $1))`, [view]);
        for (const { build, held: partitions } of held)
          for (const partition of partitions) await hold(connection, build, partition);
        const { rows } = await connection.query<{ control: Control }>(
          'select control from projection_views where view = $1',
          [view],
        );
        const after = transition(rows[0]?.control ?? null);
        await connection.query(
          `insert into projection_views (view, control) values ($1, $2)
           on conflict (view) do update set control = excluded.control`,
          [view, JSON.stringify(after)],
        );
      }),
    ),
});

/** `postgres` keeps apart those who change one at once. */
export const controlsInMongo = (mongo: Mongo, postgres: Postgres): Controls => ({
  all: () =>
    reachingMongo(mongo, async () => {
      const found = await controlsIn(mongo).find().toArray();
      return new Map(found.map(({ _id, control }) => [_id, control]));
    }),
  change: (view, transition, held = []) =>
    reachingMongo(mongo, () =>
      lockedBy(postgres, `control ${view}`, [{ partition: 0 }], async (stillHeld) => {
        for (const { build, held: partitions } of held) await mustHold(mongo, build, partitions);
        const before = await controlsIn(mongo).findOne({ _id: view });
        const after = { control: transition(before?.control ?? null) };
        await stillHeld();
        // Whoever was paused right here has lost the lock, and does not undo what was changed meanwhile.
        if (!(await replaced(mongo, view, before?.control ?? null, after)))
          throw new Overtaken(`the control of ${view}`);
      }),
    ),
});

const replaced = async (
  mongo: Mongo,
  view: string,
  before: Control | null,
  after: Readonly<{ control: Control }>,
): Promise<boolean> => {
  if (before) return (await controlsIn(mongo).replaceOne({ _id: view, control: before }, after)).matchedCount === 1;
  try {
    await controlsIn(mongo).insertOne({ _id: view, ...after });
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
};
