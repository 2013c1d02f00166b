import { isDuplicateKey, type Mongo } from '../../infra/mongo/mongo.js';
import { parkedIn, type ParkedDocument } from '../shared/mongo-view.js';
import type { LeftBehind } from './fold.js';
import type { StillHeld } from './mongo-lock.js';
import type { ParkedEvent } from '../shared/parked-event.js';
import { whyLeft, type ParkedSelection, type RequestedKey } from './view-store.js';

/** Notes events that are left behind, in their order; what is noted already stays as it is. */
export const parkIn = async (
  mongo: Mongo,
  build: string,
  leftBehind: readonly LeftBehind[],
  stillHeld: StillHeld,
): Promise<void> => {
  if (leftBehind.length === 0) return;
  await stillHeld();
  const parkedAt = new Date().toISOString();
  for (const left of leftBehind) {
    const { stored, key, partition } = left.event;
    const { commit } = stored.position;
    const document: ParkedDocument = {
      _id: `${build}/${commit}`,
      build,
      partition,
      key,
      commit,
      stream: stored.streamId,
      revision: stored.revision,
      eventId: stored.id,
      type: stored.type,
      error: whyLeft(left),
      parkedAt,
      request: null,
    };
    await parkedIn(mongo)
      .insertOne(document)
      .catch((refusal: unknown) => {
        if (!isDuplicateKey(refusal)) throw refusal;
      });
  }
};

/** The parked keys of a build, by partition. */
export const parkedKeysIn = async (mongo: Mongo, build: string): Promise<ReadonlyMap<number, ReadonlySet<string>>> => {
  const keys = new Map<number, Set<string>>();
  for (const { partition, key } of await parkedIn(mongo).find({ build }).toArray())
    keys.set(partition, (keys.get(partition) ?? new Set()).add(key));
  return keys;
};

/** Some of the parked events, in the order of `$all`. */
export const parkedOfIn = async (
  mongo: Mongo,
  build: string,
  { key = null, after = null, limit = 0 }: ParkedSelection,
): Promise<readonly ParkedEvent[]> => {
  const found = await parkedIn(mongo)
    .find({ build, ...(key === null ? {} : { key }), ...(after === null ? {} : { commit: { $gt: after } }) })
    .sort({ commit: 1 })
    .limit(limit)
    .toArray();
  return found.map(({ _id, build: _, commit, ...rest }) => ({ ...rest, position: commit }));
};

export const countParkedKeysIn = async (mongo: Mongo, build: string): Promise<number> =>
  (await parkedIn(mongo).distinct('key', { build })).length;

/** The keys of partitions of which a person wants something. */
export const requestedIn = async (
  mongo: Mongo,
  build: string,
  partitions: readonly Readonly<{ partition: number }>[],
): Promise<readonly RequestedKey[]> => {
  const found = await parkedIn(mongo)
    .find({ build, request: { $ne: null } })
    .toArray();
  const held = new Set(partitions.map(({ partition }) => partition));
  const byKey = new Map<string, RequestedKey>();
  for (const { key, partition, request } of found)
    if (request !== null && held.has(partition)) byKey.set(key, { key, partition, request });
  return [...byKey.values()];
};

/** Notes what is wanted of the parked events of a key. Gives how many they are. */
export const requestIn = async (
  mongo: Mongo,
  build: string,
  { key, request }: Omit<RequestedKey, 'partition'>,
): Promise<number> => (await parkedIn(mongo).updateMany({ build, key }, { $set: { request } })).matchedCount;

/** Forgets the parked events of a key up to a position but those that are left behind once more. */
export const forgetIn = async (
  mongo: Mongo,
  build: string,
  { key, through }: Readonly<{ key: string; through: bigint }>,
  leftBehind: readonly LeftBehind[],
): Promise<void> => {
  const [first] = leftBehind;
  const parked = parkedIn(mongo);
  if (first) {
    const { commit } = first.event.stored.position;
    await parked.deleteMany({ build, key, commit: { $lt: commit } });
    await parked.updateOne({ _id: `${build}/${commit}` }, { $set: { error: whyLeft(first) } });
    await parked.updateMany({ build, key }, { $set: { request: null } });
  } else await parked.deleteMany({ build, key, commit: { $lte: through } });
};

/** Forgets all parked events of a build. */
export const dropParkedIn = async (mongo: Mongo, build: string): Promise<void> => {
  await parkedIn(mongo).deleteMany({ build });
};
