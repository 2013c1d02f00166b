import { ensureSchema, inTransaction, type Postgres } from '../../../infra/postgres/postgres.js';
import { migrateViews } from '../../runner/migrations.js';
import { changesChannel, changesTableOf, type Change } from '../change-feed/change-log.js';
import { nameOf, partitionCount, type View } from '../view.js';

/** Tests only. Writes the change log and the checkpoints of a view, in place of whoever keeps the view. */
export type ChangeWriter = Readonly<{
  prepare: () => Promise<void>;
  /** Changes and the watermark in one transaction; told afterwards, unless not. */
  write: (changes: readonly Change[], watermark: bigint, isTold?: boolean) => Promise<void>;
}>;

export const createChangeWriter = (postgres: Postgres, view: View): ChangeWriter => {
  const live = { version: view.version, number: 1 };
  const build = nameOf(view, live);
  const table = changesTableOf(build);
  return {
    prepare: async () => {
      await migrateViews(postgres);
      await postgres.query('insert into projection_views values ($1, $2) on conflict do nothing', [
        view.name,
        JSON.stringify({ live, previous: null, aside: null, builds: 1 }),
      ]);
      await ensureSchema(
        postgres,
        `create table if not exists ${table}
           (position bigint not null, key text not null, change jsonb not null, primary key (position, key))`,
      );
    },
    write: async (changes, watermark, isTold = true) => {
      await inTransaction(postgres, async (connection) => {
        await connection.query(
          `insert into ${table} select position, key, change::jsonb
           from unnest($1::bigint[], $2::text[], $3::text[]) as row (position, key, change)`,
          [
            changes.map(({ position }) => position),
            changes.map(({ key }) => key),
            changes.map(({ change }) => JSON.stringify(change)),
          ],
        );
        await connection.query(
          `insert into projection_checkpoints (build, partition, commit, prepare, epoch)
           select $1, partition, $2, $2, 1 from generate_series(0, $3 - 1) partition
           on conflict (build, partition) do update set commit = excluded.commit, prepare = excluded.prepare`,
          [build, watermark, partitionCount],
        );
      });
      if (isTold) await postgres.query('select pg_notify($1, $2)', [changesChannel, view.name]);
    },
  };
};
