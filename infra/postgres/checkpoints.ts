import type { Position } from '../event-store/stored-event.js';
import type { Postgres, PostgresConnection } from './postgres.js';

/** Who keeps a checkpoint: a view, or another reader of the log, by its name and version. */
export type CheckpointKey = Readonly<{ name: string; version: number }>;

/** Commit and prepare are both kept: the store continues exactly only from the two. */
export const checkpointsSchema = `
  create table if not exists checkpoints (
    view text not null,
    version integer not null,
    commit bigint not null,
    prepare bigint not null,
    primary key (view, version)
  )`;

/** The position up to which a reader has applied everything; `null` before its first event. */
export const readCheckpoint = async (
  postgres: Postgres | PostgresConnection,
  { name, version }: CheckpointKey,
): Promise<Position | null> => {
  const { rows } = await postgres.query<Position>({
    name: 'read-checkpoint',
    text: 'select commit, prepare from checkpoints where view = $1 and version = $2',
    values: [name, version],
  });
  return rows[0] ?? null;
};

/**
 * Moves a checkpoint from `previous` to `next`, and holds it until the transaction ends. Gives false where it is not at
 * `previous`: somebody else has moved it.
 */
export const advanceCheckpoint = async (
  connection: PostgresConnection,
  { name, version }: CheckpointKey,
  previous: Position | null,
  next: Position,
): Promise<boolean> => {
  const moved =
    previous === null
      ? await connection.query(
          'insert into checkpoints (view, version, commit, prepare) values ($1, $2, $3, $4) on conflict do nothing',
          [name, version, next.commit, next.prepare],
        )
      : await connection.query(
          `update checkpoints set commit = $3, prepare = $4
           where view = $1 and version = $2 and commit = $5 and prepare = $6`,
          [name, version, next.commit, next.prepare, previous.commit, previous.prepare],
        );
  return moved.rowCount === 1;
};
