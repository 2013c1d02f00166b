import { isDomainError } from '../../../domains/shared/errors.js';
import type { Postgres } from '../../../infra/postgres/postgres.js';
import { liveBuild } from '../postgres-view.js';
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
  const look = () => lookAt(postgres, view);
  return {
    watermark: async () => (await look()).watermark,
    changesAfter: async (position, most, key) => {
      // First the watermark: what it covers was committed with it, or before.
      const { table, watermark: end } = await look();
      if (table === null || end <= position) return { changes: [], through: position, watermark: end };
      const query = { text: selectChanges(table), values: [position, end, key ?? null, most] };
      const { rows: changes } = await postgres.query<Change<Told>>(query);
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

/** The log of a build. */
export const changesTableOf = (build: string): string => `${build}_changes`;

/** The log of the build that serves now, and up to where changes may go out. Before a view is built there are none. */
const lookAt = async (
  postgres: Postgres,
  view: View,
): Promise<Readonly<{ table: string | null; watermark: bigint }>> => {
  try {
    const { live, watermark } = await liveBuild(postgres, view);
    return { table: changesTableOf(nameOf(view, live)), watermark: watermark ?? beforeAll };
  } catch (error) {
    if (isDomainError(error) && error.code === 'view.behind') return { table: null, watermark: beforeAll };
    throw error;
  }
};
