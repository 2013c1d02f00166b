import { DomainError } from '../../domains/shared/errors.js';
import { readCheckpoint } from '../../infra/postgres/checkpoints.js';
import { reachingPostgres, type Postgres } from '../../infra/postgres/postgres.js';
import { awaitFreshness } from './freshness.js';
import { rowTag, type Found, type Freshness } from './queries.js';
import { nameOf, type View } from './view.js';

/** What a view in PostgreSQL keeps beside key, row and position: columns computed from the row (`data`), and indexes. */
export type ViewTable = Readonly<{
  columns?: Readonly<Record<string, string>>;
  indexes?: Readonly<Record<string, string>>;
}>;

/** Idempotent DDL of a view's table. */
export const tableOf = (view: View, { columns = {}, indexes = {} }: ViewTable): string => {
  const table = nameOf(view);
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
}>;

/**
 * All of its reads throw DomainError `view.behind` when the view is not as fresh as asked or not built yet, and
 * `service.unavailable` when PostgreSQL is away.
 */
export const readPostgresView = <Row extends object>(postgres: Postgres, view: View): PostgresViewReader<Row> => {
  const table = nameOf(view);
  const select = (query: Readonly<{ name?: string; text: string; values: unknown[] }>, freshness: Freshness) =>
    reachingPostgres(async () => {
      try {
        await awaitFreshness(view, freshness, () => checkpointOf(postgres, view));
        if (query.values.some(holdsNul)) return [];
        return (await postgres.query<{ data: Row; position: bigint }>(query)).rows;
      } catch (error) {
        if (isUndefinedTable(error)) throw new DomainError('view.behind', 'The view has not been built yet');
        throw error;
      }
    });
  return {
    byKey: async (key, freshness) => {
      const text = `select data, position from ${table} where key = $1`;
      const [row] = await select({ name: `${table}-by-key`, text, values: [key] }, freshness);
      return row ? { item: row.data, etag: rowTag(view.version, row.position) } : null;
    },
    select: async (clauses, values, freshness) => {
      const text = `select data, position from ${table} ${clauses}`;
      return (await select({ text, values: [...values] }, freshness)).map(({ data }) => data);
    },
  };
};

/** Before the first view is built there is not even a table of checkpoints: a caller that can wait, waits. */
const checkpointOf = async (postgres: Postgres, view: View) => {
  try {
    return await readCheckpoint(postgres, view);
  } catch (error) {
    if (isUndefinedTable(error)) return null;
    throw error;
  }
};

/** PostgreSQL has no text with NUL in it and refuses it as a parameter: nothing there is equal to it. */
const holdsNul = (value: unknown) => typeof value === 'string' && value.includes('\0');

const isUndefinedTable = (error: unknown) => error instanceof Error && 'code' in error && error.code === '42P01';
