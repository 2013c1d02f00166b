import type { Message } from '../../domains/shared/decider.js';
import type { Position } from '../../infra/event-store/stored-event.js';
import type { PostgresConnection } from '../../infra/postgres/postgres.js';
import { changesChannel, changesTableOf } from '../shared/change-feed/change-log.js';
import type { Projection, Tally } from '../shared/projection.js';
import { foldAdditions, foldRows, type Change, type IsGivenUp, type LeftBehind, type StoredRow } from './fold.js';
import type { KeyedEvent } from './keyed.js';
import { storableJson } from './storable.js';

/** How the events of a batch become rows of a build, within the transaction of its checkpoints. */
export type Writes = Readonly<{
  /** Idempotent DDL of what lies beside the table of rows. */
  furtherTables: readonly string[];
  /**
   * Gives the events that are left behind. With `behind`, the place of the partition, the events are older than what
   * listeners have been told: they are told of the outcome only, right after that place.
   */
  write: (
    connection: PostgresConnection,
    groups: ReadonlyMap<string, readonly KeyedEvent[]>,
    isGivenUp: IsGivenUp,
    behind?: Position | null,
  ) => Promise<readonly LeftBehind[]>;
}>;

export const writesOf = <Event extends Message, Row extends object>(
  view: Projection<Event, Row> | Tally<Event>,
  build: string,
): Writes => ('additions' in view ? additionsTo(view, build) : rowsOf(view, build));

const rowsOf = <Event extends Message, Row extends object>(
  projection: Projection<Event, Row>,
  build: string,
): Writes => ({
  furtherTables: projection.change
    ? [
        `create table if not exists ${changesTableOf(build)}
           (position bigint not null, key text not null, change jsonb not null, primary key (position, key))`,
        `create index if not exists ${build}_changes_key on ${changesTableOf(build)} (key, position)`,
      ]
    : [],
  write: async (connection, groups, isGivenUp, behind) => {
    const stored = await readRows<Row>(connection, build, [...groups.keys()]);
    const { rows, changes, leftBehind } = foldRows(projection, groups, stored, isGivenUp);
    await writeRows(connection, build, rows);
    await writeChanges(connection, projection.name, build, behind === undefined ? changes : outcomes(changes, behind));
    return leftBehind;
  },
});

const additionsTo = <Event extends Message>(tally: Tally<Event>, build: string): Writes => ({
  furtherTables: [],
  write: async (connection, groups, isGivenUp) => {
    const { rows, leftBehind } = foldAdditions(tally, groups, isGivenUp);
    // In one order, so that two partitions that add to the same rows do not wait for each other.
    const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
    if (sorted.length > 0)
      await connection.query({
        name: `${build}-add`,
        text: `insert into ${build} as kept (key, data, position)
               select key, data::jsonb, position from unnest($1::text[], $2::text[], $3::bigint[]) as row (key, data, position)
               on conflict (key) do update set
                 position = greatest(kept.position, excluded.position),
                 data = kept.data || (
                   select jsonb_object_agg(name, coalesce((kept.data->>name)::bigint, 0) + amount::bigint)
                   from jsonb_each_text(excluded.data) as added (name, amount))`,
        values: [
          sorted.map(([row]) => row),
          sorted.map(([, { add }]) => JSON.stringify(add)),
          sorted.map(([, { position }]) => position),
        ],
      });
    return leftBehind;
  },
});

const readRows = async <Row>(
  connection: PostgresConnection,
  build: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, StoredRow<Row>>> => {
  if (keys.length === 0) return new Map();
  const { rows } = await connection.query<{ key: string; data: Row; position: bigint }>({
    name: `${build}-rows`,
    text: `select key, data, position from ${build} where key = any($1)`,
    values: [keys],
  });
  return new Map(rows.map(({ key, data, position }) => [key, { row: data, position }]));
};

const writeRows = async <Row extends object>(
  connection: PostgresConnection,
  build: string,
  changed: ReadonlyMap<string, StoredRow<Row>>,
) => {
  const kept = [...changed].flatMap(([key, { row, position }]) => (row === null ? [] : [{ key, row, position }]));
  const gone = [...changed].flatMap(([key, { row }]) => (row === null ? [key] : []));
  if (kept.length > 0)
    await connection.query({
      name: `${build}-upsert`,
      text: `insert into ${build} (key, data, position)
             select key, data::jsonb, position from unnest($1::text[], $2::text[], $3::bigint[]) as row (key, data, position)
             on conflict (key) do update set data = excluded.data, position = excluded.position`,
      values: [
        kept.map(({ key }) => key),
        kept.map(({ row }) => storableJson(row)),
        kept.map(({ position }) => position),
      ],
    });
  if (gone.length > 0) await connection.query(`delete from ${build} where key = any($1)`, [gone]);
};

/** Whoever listens looks for the build that serves: a message of another one only makes them look in vain. */
const writeChanges = async (
  connection: PostgresConnection,
  view: string,
  build: string,
  changes: readonly Change[],
): Promise<void> => {
  if (changes.length === 0) return;
  await connection.query({
    name: `${build}-changes`,
    text: `insert into ${changesTableOf(build)} (position, key, change)
           select position, key, change::jsonb from unnest($1::bigint[], $2::text[], $3::text[]) as row (position, key, change)
           on conflict (position, key) do update set change = excluded.change`,
    values: [
      changes.map(({ position }) => position),
      changes.map(({ key }) => key),
      changes.map(({ change }) => storableJson(change)),
    ],
  });
  await connection.query({ name: 'tell-changes', text: 'select pg_notify($1, $2)', values: [changesChannel, view] });
};

/** What is told of events that come late: the last change of each key. */
const outcomes = (changes: readonly Change[], behind: Position | null): readonly Change[] => {
  const last = new Map(changes.map(({ key, change }) => [key, change]));
  return [...last].map(([key, change]) => ({ position: (behind?.commit ?? -1n) + 1n, key, change }));
};
