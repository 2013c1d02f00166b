import { isDuplicateKey, type Mongo } from '../../infra/mongo/mongo.js';
import type { Position } from '../../infra/event-store/stored-event.js';
import { checkpointsIn, type CheckpointDocument } from '../shared/mongo-view.js';
import type { Lease } from './leases.js';
import type { HeldPartition } from './plan.js';
import { parkedKeysIn } from './mongo-parked.js';
import { Overtaken } from './view-store.js';

const idOf = (build: string, { partition }: Readonly<{ partition: number }>) => `${build}/${partition}`;

/** Notes the epochs of leases. Gives the partitions that nobody keeps under a higher one. */
export const claimIn = async (
  mongo: Mongo,
  build: string,
  leases: readonly Lease[],
): Promise<readonly HeldPartition[]> => {
  const checkpoints = checkpointsIn(mongo);
  const granted: CheckpointDocument[] = [];
  for (const { partition, epoch } of leases) {
    const _id = idOf(build, { partition });
    await checkpoints.insertOne({ _id, build, partition, commit: null, prepare: null, epoch }).catch(refuseOther);
    await checkpoints.updateOne({ _id, epoch: { $lt: epoch } }, { $set: { epoch } });
    const kept = await checkpoints.findOne({ _id });
    if (kept?.epoch === epoch) granted.push(kept);
  }
  // Only now: whoever kept them before may have parked events up to the moment at which the epochs were raised.
  const parked = await parkedKeysIn(mongo, build);
  return granted.map(({ partition, epoch, commit, prepare }) => ({
    partition,
    epoch,
    position: commit === null || prepare === null ? null : { commit, prepare },
    parked: parked.get(partition) ?? new Set(),
  }));
};

/** @throws Overtaken where one of the partitions is not as it is held. */
export const mustHold = async (mongo: Mongo, build: string, held: readonly HeldPartition[]): Promise<void> => {
  const found = await checkpointsIn(mongo).find({ build }).toArray();
  const kept = new Map(found.map((each) => [each.partition, each]));
  const isHeld = held.every(({ partition, epoch, position }) => {
    const each = kept.get(partition);
    return each?.epoch === epoch && each.commit === (position?.commit ?? null);
  });
  if (!isHeld) throw new Overtaken(build);
};

/** Moves the partitions on. @throws Overtaken where one of them is not as it is held. */
export const advance = async (
  mongo: Mongo,
  build: string,
  held: readonly HeldPartition[],
  { commit, prepare }: Position,
): Promise<void> => {
  if (held.length === 0) return;
  const { matchedCount } = await checkpointsIn(mongo).bulkWrite(
    held.map(({ partition, epoch, position }) => ({
      updateOne: {
        filter: { _id: idOf(build, { partition }), epoch, commit: position?.commit ?? null },
        update: { $set: { commit, prepare } },
      },
    })),
  );
  if (matchedCount !== held.length) throw new Overtaken(build);
};

const refuseOther = (error: unknown) => {
  if (!isDuplicateKey(error)) throw error;
};
