import { readCheckpoint } from '../../../infra/postgres/checkpoints.js';
import type { Postgres } from '../../../infra/postgres/postgres.js';
import { nameOf, type View } from '../view.js';

/** Who writes a view tells its name here after the commit: it only wakes whoever reads the log. */
export const changesChannel = 'view_changes';

/** What an event changed in one row of a view. */
export type Change<Told extends object = object> = Readonly<{ position: bigint; key: string; change: Told }>;

/** Part of a log in order of position, then key. All changes up to `through` are in it or were before it. */
export type ChangePage<Told extends object> = Readonly<{
  changes: readonly Change<Told>[];
  through: bigint;
  /** Where the view stood. */
  watermark: bigint;
}>;

export type ChangeLog<Told extends object> = Readonly<{
  /** The position up to which the view has applied everything. */
  watermark: () => Promise<bigint>;
  /** The changes after a position, about `most` of them: of one position all or none. Of one key where it is given. */
  changesAfter: (position: bigint, most: number, key?: string) => Promise<ChangePage<Told>>;
}>;

/** Before the position of any event. */
export const beforeAll = -1n;

/** Reads the change log of a view. It throws what PostgreSQL throws. */
export const readChangeLog = <Told extends object>(postgres: Postgres, view: View): ChangeLog<Told> => {
  const watermark = () => unlessUnbuilt(lowWatermark(postgres, view), beforeAll);
  return {
    watermark,
    changesAfter: async (position, most, key) => {
      // First the watermark: what it covers was committed with it, or before.
      const end = await watermark();
      if (end <= position) return { changes: [], through: position, watermark: end };
      const query = { text: selectChanges(changesTableOf(view)), values: [position, end, key ?? null, most] };
      const read = postgres.query<Change<Told>>(query).then(({ rows }) => rows);
      const changes = await unlessUnbuilt(read, []);
      const last = changes.length < most ? undefined : changes.at(-1);
      return { changes, through: last?.position ?? end, watermark: end };
    },
  };
};

const selectChanges = (table: string) => `
  select position, key, change from (
    select position, key, change from ${table}
    where position > $1 and position <= $2 and ($3::text is null or key = $3)
    order by position fetch first $4 rows with ties
  ) as page order by position, key`;

/** The log of the build of the view that is live now: it is asked for each read. */
export const changesTableOf = (view: View): string => `${nameOf(view)}_changes`;

/** Up to where changes may go out. */
const lowWatermark = async (postgres: Postgres, view: View): Promise<bigint> =>
  (await readCheckpoint(postgres, view))?.commit ?? beforeAll;

/** Before the view is first built there are no tables, and so no changes. */
const unlessUnbuilt = async <Result>(read: Promise<Result>, otherwise: Result): Promise<Result> => {
  try {
    return await read;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '42P01') return otherwise;
    throw error;
  }
};
