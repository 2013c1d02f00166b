import { isUndefinedTable, reachingPostgres, type Postgres } from '../../infra/postgres/postgres.js';
import { createFreshSight, refuseParked, refuseUnreadable, unbuilt } from './freshness.js';
import { rowTag, type Found, type Freshness } from './queries.js';
import { nameOf, partitionCount, type Build, type View } from './view.js';

/** What a view in PostgreSQL keeps beside key, row and position: columns computed from the row (`data`), and indexes. */
export type ViewTable = Readonly<{
  columns?: Readonly<Record<string, string>>;
  indexes?: Readonly<Record<string, string>>;
}>;

/** Idempotent DDL of the table of a build. */
export const tableOf = (table: string, { columns = {}, indexes = {} }: ViewTable): string => {
  const computed = Object.entries(columns).map(([name, definition]) => `, ${name} ${definition}`);
  return [
    `create table if not exists ${table}
      (key text collate "C" primary key, data jsonb not null, position bigint not null${computed.join('')})`,
    ...Object.entries(indexes).map(([name, on]) => `create index if not exists ${table}_${name} on ${table} ${on}`),
  ].join(';\n');
};

/** Reads of a view in PostgreSQL, as fresh as they are asked to be. */
export type PostgresViewReader<Row> = Readonly<{
  byKey: (key: string, freshness: Freshness) => Promise<Found<Row> | null>;
  /** Rows by what follows `from <table>`. */
  select: (clauses: string, values: readonly unknown[], freshness: Freshness) => Promise<readonly Row[]>;
  /** The same, refused while an event of any key is parked: for decisions that must miss none. */
  complete: (clauses: string, values: readonly unknown[], freshness: Freshness) => Promise<readonly Row[]>;
  /** How many rows `select` would give. */
  count: (clauses: string, values: readonly unknown[], freshness: Freshness) => Promise<number>;
  /** As `select`, each with its key. */
  entries: (clauses: string, values: readonly unknown[], freshness: Freshness) => Promise<readonly [string, Row][]>;
}>;

/**
 * All of its reads throw DomainError `view.behind` when the view is not as fresh as asked or not built yet, `view.parked`
 * when an event of the key that a token tells of may be parked, and `service.unavailable` when PostgreSQL is away.
 */
export const readPostgresView = <Row extends object>(postgres: Postgres, view: View): PostgresViewReader<Row> => {
  const freshSight = createFreshSight(view, () => liveBuild(postgres, view));
  const select = async (clauses: string, values: readonly unknown[], freshness: Freshness, key?: string) => {
    const { live } = await freshSight(freshness);
    if (key !== undefined) await refuseParked(view, freshness, () => isParked(postgres, nameOf(view, live), key));
    if (values.some(holdsNul)) return { live, rows: [] };
    const text = `select key, data, position from ${nameOf(view, live)} ${clauses}`;
    const { rows } = await postgres.query<{ key: string; data: Row; position: bigint }>({
      ...(key === undefined ? {} : { name: `${nameOf(view, live)}-by-key` }),
      text,
      values: [...values],
    });
    return { live, rows };
  };
  const countOf = async (clauses: string, values: readonly unknown[], freshness: Freshness) => {
    const { live } = await freshSight(freshness);
    const text = `select count(*) from ${nameOf(view, live)} ${clauses}`;
    const { rows } = await postgres.query<{ count: bigint }>({ text, values: [...values] });
    return Number(rows[0]?.count ?? 0);
  };
  const selectLive = inLiveBuild(select);
  return {
    byKey: async (key, freshness) => {
      const { live, rows } = await selectLive('where key = $1', [key], freshness, key);
      const [row] = rows;
      return row ? { item: row.data, etag: rowTag(live, row.position) } : null;
    },
    select: async (clauses, values, freshness) =>
      (await selectLive(clauses, values, freshness)).rows.map(({ data }) => data),
    complete: async (clauses, values, freshness) => {
      const { live, rows } = await selectLive(clauses, values, freshness);
      await refuseParked(view, freshness, () => isParked(postgres, nameOf(view, live), null));
      return rows.map(({ data }) => data);
    },
    count: inLiveBuild(countOf),
    entries: async (clauses, values, freshness) =>
      (await selectLive(clauses, values, freshness)).rows.map(({ key, data }) => [key, data]),
  };
};

/** A build that was dropped between the look at the pointer and the read of it is no longer the one that serves. */
const inLiveBuild =
  <Given extends unknown[], Result>(read: (...given: Given) => Promise<Result>) =>
  (...given: Given): Promise<Result> =>
    reachingPostgres(() =>
      read(...given).catch((error: unknown) => {
        if (isUndefinedTable(error)) return read(...given).catch(refuse);
        throw error;
      }),
    );

/** A build and how far every key of it is. */
export type LiveBuild = Readonly<{ live: Build; watermark: bigint | null }>;

/**
 * The build of a view that serves, and its low watermark: the position up to which every partition has applied
 * everything; `null` before all have begun.
 *
 * @throws DomainError `view.behind` where the view was never built, or serves a version that this code cannot read.
 */
export const liveBuild = async (postgres: Postgres, view: View): Promise<LiveBuild> => {
  const { rows } = await postgres
    .query<{ live: Build; watermark: bigint | null }>({
      name: 'live-build',
      text: `select control->'live' as live,
               (select case when count(commit) = $2 then min(commit) end from projection_checkpoints
                where build = 'view_' || view || '_v' || (control#>>'{live,version}') || '_' || (control#>>'{live,number}'))
                 as watermark
             from projection_views where view = $1`,
      values: [view.name, partitionCount],
    })
    .catch(refuse);
  const [found] = rows;
  if (!found) throw unbuilt();
  refuseUnreadable(view, found.live);
  return found;
};

/** Whether an event of a key, or of any, is parked. */
const isParked = async (postgres: Postgres, build: string, key: string | null): Promise<boolean> => {
  if (holdsNul(key)) return false;
  const { rows } = await postgres.query({
    name: 'is-parked',
    text: 'select 1 from projection_parked where build = $1 and ($2::text is null or key = $2) limit 1',
    values: [build, key],
  });
  return rows.length > 0;
};

const refuse = (error: unknown): never => {
  throw isUndefinedTable(error) ? unbuilt() : error;
};

/** PostgreSQL has no text with NUL in it and refuses it as a parameter: nothing there is equal to it. */
const holdsNul = (value: unknown) => typeof value === 'string' && value.includes('\0');
