import type { Postgres, PostgresConnection } from '../../infra/postgres/postgres.js';
import type { LeftBehind } from './fold.js';
import type { ParkedEvent } from '../shared/parked-event.js';
import { whyLeft, type ParkedSelection, type RequestedKey } from './view-store.js';

/** Notes events that are left behind; what is noted already stays as it is. */
export const park = async (
  connection: PostgresConnection,
  build: string,
  leftBehind: readonly LeftBehind[],
): Promise<void> => {
  if (leftBehind.length === 0) return;
  const each = <Value>(pick: (left: LeftBehind) => Value) => leftBehind.map(pick);
  await connection.query(
    `insert into projection_parked (build, position, partition, key, stream, revision, event_id, type, error)
     select $1, * from unnest($2::bigint[], $3::int[], $4::text[], $5::text[], $6::bigint[], $7::uuid[], $8::text[], $9::text[])
     on conflict do nothing`,
    [
      build,
      each(({ event }) => event.stored.position.commit),
      each(({ event }) => event.partition),
      each(({ event }) => event.key),
      each(({ event }) => event.stored.streamId),
      each(({ event }) => event.stored.revision),
      each(({ event }) => event.stored.id),
      each(({ event }) => event.stored.type),
      each(whyLeft),
    ],
  );
};

/** The parked keys of partitions. */
export const parkedKeys = async (
  connection: PostgresConnection,
  build: string,
  partitions: readonly Readonly<{ partition: number }>[],
): Promise<ReadonlyMap<number, ReadonlySet<string>>> => {
  const { rows } = await connection.query<{ partition: number; keys: string[] }>(
    `select partition, array_agg(distinct key) as keys from projection_parked
     where build = $1 and partition = any($2) group by partition`,
    [build, partitions.map(({ partition }) => partition)],
  );
  return new Map(rows.map(({ partition, keys }) => [partition, new Set(keys)]));
};

/** Some of the parked events, in the order of `$all`. */
export const parkedOf = async (
  postgres: Postgres,
  build: string,
  { key = null, after = null, limit }: ParkedSelection,
): Promise<readonly ParkedEvent[]> => {
  const { rows } = await postgres.query<
    Omit<ParkedEvent, 'revision' | 'parkedAt'> & { revision: bigint; parkedAt: Date }
  >(
    `select position, partition, key, stream, revision, event_id as "eventId", type, error, parked_at as "parkedAt",
       request from projection_parked
     where build = $1 and ($2::text is null or key = $2) and ($3::bigint is null or position > $3)
     order by position limit $4`,
    [build, key, after, limit],
  );
  return rows.map((row) => ({ ...row, revision: Number(row.revision), parkedAt: row.parkedAt.toISOString() }));
};

export const countParkedKeys = async (postgres: Postgres, build: string): Promise<number> => {
  const { rows } = await postgres.query<{ keys: bigint }>(
    'select count(distinct key) as keys from projection_parked where build = $1',
    [build],
  );
  return Number(rows[0]?.keys ?? 0);
};

/** The keys of partitions of which a person wants something. */
export const requestedKeys = async (
  postgres: Postgres,
  build: string,
  partitions: readonly Readonly<{ partition: number }>[],
): Promise<readonly RequestedKey[]> => {
  const { rows } = await postgres.query<RequestedKey>({
    name: 'requested-keys',
    text: `select distinct key, partition, request from projection_parked
           where build = $1 and partition = any($2) and request is not null`,
    values: [build, partitions.map(({ partition }) => partition)],
  });
  return rows;
};

/** Notes what is wanted of the parked events of a key. Gives how many they are. */
export const requestParked = async (
  postgres: Postgres,
  build: string,
  { key, request }: Omit<RequestedKey, 'partition'>,
): Promise<number> => {
  const { rowCount } = await postgres.query('update projection_parked set request = $3 where build = $1 and key = $2', [
    build,
    key,
    request,
  ]);
  return rowCount ?? 0;
};

/** Forgets the parked events of a key but those that are left behind once more. */
export const forgetParked = async (
  connection: PostgresConnection,
  build: string,
  key: string,
  leftBehind: readonly LeftBehind[],
): Promise<void> => {
  const positions = leftBehind.map(({ event }) => event.stored.position.commit);
  await connection.query('delete from projection_parked where build = $1 and key = $2 and not position = any($3)', [
    build,
    key,
    positions,
  ]);
  await connection.query(
    `update projection_parked parked set request = null, error = left_behind.error
     from unnest($2::bigint[], $3::text[]) left_behind (position, error)
     where build = $1 and parked.position = left_behind.position`,
    [build, positions, leftBehind.map(whyLeft)],
  );
};
