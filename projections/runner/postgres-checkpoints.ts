import type { Position } from '../../infra/event-store/stored-event.js';
import type { Postgres, PostgresConnection } from '../../infra/postgres/postgres.js';
import { partitionCount } from '../shared/view.js';
import type { Lease } from './leases.js';
import type { HeldPartition } from './plan.js';
import { parkedKeys } from './postgres-parked.js';
import { Overtaken } from './view-store.js';

/** Moves partitions on. @throws Overtaken where one of them is not as it is held. */
export const advance = async (
  connection: PostgresConnection,
  build: string,
  moved: readonly HeldPartition[],
  { commit, prepare }: Position,
): Promise<void> => {
  const { rowCount } = await connection.query({
    name: 'advance-checkpoints',
    text: `update projection_checkpoints checkpoint set commit = $5, prepare = $6
           from unnest($2::int[], $3::bigint[], $4::bigint[]) as held (partition, epoch, previous)
           where checkpoint.build = $1 and checkpoint.partition = held.partition
             and checkpoint.epoch = held.epoch and checkpoint.commit is not distinct from held.previous`,
    values: [
      build,
      moved.map(({ partition }) => partition),
      moved.map(({ epoch }) => epoch),
      moved.map(({ position }) => position?.commit ?? null),
      commit,
      prepare,
    ],
  });
  if (rowCount !== moved.length) throw new Overtaken(build);
};

/** @throws Overtaken where the partition is no longer held under that epoch. */
export const hold = async (connection: PostgresConnection, build: string, { partition, epoch }: HeldPartition) => {
  const { rowCount } = await connection.query(
    'select from projection_checkpoints where build = $1 and partition = $2 and epoch = $3 for update',
    [build, partition, epoch],
  );
  if (rowCount !== 1) throw new Overtaken(build);
};

/** Notes the epochs of leases. Gives the partitions that nobody keeps under a higher one. */
export const claim = async (
  connection: PostgresConnection,
  build: string,
  leases: readonly Lease[],
): Promise<readonly HeldPartition[]> => {
  const values = [build, leases.map(({ partition }) => partition), leases.map(({ epoch }) => epoch)];
  // Those who claim at once come one after another, or they would lock the rows crosswise.
  await connection.query('select pg_advisory_xact_lock(hashtext($1))', [build]);
  const { rows } = await connection.query<{ partition: number; epoch: bigint; commit: bigint | null; prepare: bigint }>(
    `insert into projection_checkpoints as kept (build, partition, epoch)
     select $1, partition, epoch from unnest($2::int[], $3::bigint[]) as lease (partition, epoch)
     on conflict (build, partition) do update set epoch = excluded.epoch where kept.epoch <= excluded.epoch
     returning partition, epoch, commit, prepare`,
    values,
  );
  const parked = await parkedKeys(connection, build, rows);
  return rows.map(({ partition, epoch, commit, prepare }) => ({
    partition,
    epoch,
    position: commit === null ? null : { commit, prepare },
    parked: parked.get(partition) ?? new Set(),
  }));
};

/** What all partitions of a build have applied; `null` before all have begun. */
export const watermarkOf = async (postgres: Postgres, build: string): Promise<bigint | null> => {
  const { rows } = await postgres.query<{ watermark: bigint | null }>(
    'select case when count(commit) = $2 then min(commit) end as watermark from projection_checkpoints where build = $1',
    [build, partitionCount],
  );
  return rows[0]?.watermark ?? null;
};
