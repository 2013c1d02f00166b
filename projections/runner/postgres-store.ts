import type { Message } from '../../domains/shared/decider.js';
import { advanceCheckpoint, checkpointsSchema, readCheckpoint } from '../../infra/postgres/checkpoints.js';
import {
  ensureSchema,
  inTransaction,
  reachingPostgres,
  type Postgres,
  type PostgresConnection,
} from '../../infra/postgres/postgres.js';
import { tableOf, type ViewTable } from '../shared/postgres-view.js';
import type { Projection } from '../shared/projection.js';
import { nameOf } from '../shared/view.js';
import { foldRows, groupByKey, type StoredRow } from './fold.js';
import { storable } from './storable.js';
import { endOf, Overtaken, type ViewStore } from './view-store.js';

/** Keeps a view in PostgreSQL: its rows and its checkpoint change in one transaction. */
export const createPostgresStore = <Event extends Message, Row extends object>(
  postgres: Postgres,
  projection: Projection<Event, Row>,
  definition: ViewTable = {},
): ViewStore => {
  const table = nameOf(projection);
  return {
    prepare: () =>
      reachingPostgres(() => ensureSchema(postgres, `${checkpointsSchema};\n${tableOf(projection, definition)}`)),
    checkpoint: () => reachingPostgres(() => readCheckpoint(postgres, projection)),
    apply: (batch, previous) =>
      reachingPostgres(() =>
        inTransaction(postgres, async (connection) => {
          const end = endOf(batch);
          // First, since it locks: a second writer waits here and then finds that it was overtaken.
          if (!(await advanceCheckpoint(connection, projection, previous, end))) throw new Overtaken(projection.name);
          const groups = groupByKey(projection, batch);
          const stored = await readRows<Row>(connection, table, [...groups.keys()]);
          await writeRows(connection, table, foldRows(projection, groups, stored));
          return end;
        }),
      ),
  };
};

const readRows = async <Row>(
  connection: PostgresConnection,
  table: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, StoredRow<Row>>> => {
  const { rows } = await connection.query<{ key: string; data: Row; position: bigint }>({
    name: `${table}-rows`,
    text: `select key, data, position from ${table} where key = any($1)`,
    values: [keys],
  });
  return new Map(rows.map(({ key, data, position }) => [key, { row: data, position }]));
};

const writeRows = async <Row extends object>(
  connection: PostgresConnection,
  table: string,
  changed: ReadonlyMap<string, StoredRow<Row>>,
) => {
  const kept = [...changed].flatMap(([key, { row, position }]) => (row === null ? [] : [{ key, row, position }]));
  const gone = [...changed].flatMap(([key, { row }]) => (row === null ? [key] : []));
  if (kept.length > 0)
    await connection.query({
      name: `${table}-upsert`,
      text: `insert into ${table} (key, data, position)
             select key, data::jsonb, position from unnest($1::text[], $2::text[], $3::bigint[]) as row (key, data, position)
             on conflict (key) do update set data = excluded.data, position = excluded.position`,
      values: [
        kept.map(({ key }) => key),
        kept.map(({ row }) => JSON.stringify(storable(row))),
        kept.map(({ position }) => position),
      ],
    });
  if (gone.length > 0) await connection.query(`delete from ${table} where key = any($1)`, [gone]);
};
