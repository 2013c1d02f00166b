import { checkpointsSchema } from '../../../infra/postgres/checkpoints.js';
import { ensureSchema, inTransaction, type Postgres } from '../../../infra/postgres/postgres.js';
import { changesChannel, changesTableOf, type Change } from '../change-feed/change-log.js';
import type { View } from '../view.js';

/** Tests only. Writes the change log and the checkpoint of a view, in place of whoever keeps the view. */
export type ChangeWriter = Readonly<{
  prepare: () => Promise<void>;
  /** Changes and the watermark in one transaction; told afterwards, unless not. */
  write: (changes: readonly Change[], watermark: bigint, isTold?: boolean) => Promise<void>;
}>;

export const createChangeWriter = (postgres: Postgres, view: View): ChangeWriter => {
  const table = changesTableOf(view);
  return {
    prepare: () =>
      ensureSchema(
        postgres,
        `${checkpointsSchema};
         create table if not exists ${table}
           (position bigint not null, key text not null, change jsonb not null, primary key (position, key))`,
      ),
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
          `insert into checkpoints (view, version, commit, prepare) values ($1, $2, $3, $3)
           on conflict (view, version) do update set commit = excluded.commit, prepare = excluded.prepare`,
          [view.name, view.version, watermark],
        );
      });
      if (isTold) await postgres.query('select pg_notify($1, $2)', [changesChannel, view.name]);
    },
  };
};
