import { MongoServerError, type Collection, type Db } from 'mongodb';
import type { Position } from '../event-store/stored-event.js';

/** Who keeps a checkpoint in MongoDB: a view, by its name and version. */
export type CheckpointKey = Readonly<{ name: string; version: number }>;

/** int64 on the server. */
type CheckpointDocument = { _id: string; commit: bigint; prepare: bigint };

/** The position up to which a reader has applied everything; `null` before its first event. */
export const readCheckpoint = async (db: Db, key: CheckpointKey): Promise<Position | null> => {
  const found = await checkpoints(db).findOne({ _id: idOf(key) });
  return found && { commit: found.commit, prepare: found.prepare };
};

/** Moves a checkpoint from `previous` to `next`. Gives false where it is not there: somebody else has moved it. */
export const advanceCheckpoint = async (
  db: Db,
  key: CheckpointKey,
  previous: Position | null,
  next: Position,
): Promise<boolean> => {
  const _id = idOf(key);
  const { commit, prepare } = next;
  if (previous === null) return insertNew(db, { _id, commit, prepare });
  const moved = await checkpoints(db).updateOne(
    { _id, commit: previous.commit, prepare: previous.prepare },
    { $set: { commit, prepare } },
  );
  return moved.matchedCount === 1;
};

const insertNew = async (db: Db, document: CheckpointDocument): Promise<boolean> => {
  try {
    await checkpoints(db).insertOne(document);
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
};

/** Whether a write was refused since its `_id` exists. */
export const isDuplicateKey = (error: unknown): boolean => error instanceof MongoServerError && error.code === 11000;

const checkpoints = (db: Db): Collection<CheckpointDocument> => db.collection<CheckpointDocument>('checkpoints');

const idOf = ({ name, version }: CheckpointKey) => `${name}_v${version}`;
