import type { Collection, Filter, IndexSpecification, Sort } from 'mongodb';
import { reachingMongo, type Mongo } from '../../infra/mongo/mongo.js';
import { createFreshSight, refuseParked, refuseUnreadable, unbuilt } from './freshness.js';
import type { ParkedEvent } from './parked-event.js';
import { rowTag, type Found, type Freshness } from './queries.js';
import { nameOf, partitionCount, type Control, type View } from './view.js';
import type { LiveBuild } from './postgres-view.js';

/** A row as it lies in MongoDB. A row that went stays as `null`: its position must outlive it. */
export type ViewDocument<Row> = {
  _id: string;
  row: Row | null;
  /** int64 */
  position: bigint;
  /** int64: that of the lease under which it was written. */
  epoch: bigint;
};

/** The indexes that a view in MongoDB wants. */
export type ViewIndexes = readonly IndexSpecification[];

/** The collection of a build. */
export const collectionOf = <Row extends object>({ db }: Mongo, build: string): Collection<ViewDocument<Row>> =>
  db.collection<ViewDocument<Row>>(build);

/** Which builds of a view there are; `_id` is its name. */
export const controlsIn = ({ db }: Mongo) => db.collection<{ _id: string; control: Control }>('projection_views');

/** How far a partition of a build has got: `null` before its first event. `_id` is `<build>/<partition>`. */
export type CheckpointDocument = {
  _id: string;
  build: string;
  partition: number;
  commit: bigint | null;
  prepare: bigint | null;
  epoch: bigint;
};
export const checkpointsIn = ({ db }: Mongo) => db.collection<CheckpointDocument>('projection_checkpoints');

/** A parked event, of which `commit` is the position. `_id` is `<build>/<position>`. */
export type ParkedDocument = Omit<ParkedEvent, 'position'> & Readonly<{ _id: string; build: string; commit: bigint }>;
export const parkedIn = ({ db }: Mongo) => db.collection<ParkedDocument>('projection_parked');

/** Reads of a view in MongoDB, as fresh as they are asked to be. */
export type MongoViewReader<Row> = Readonly<{
  byKey: (key: string, freshness: Freshness) => Promise<Found<Row> | null>;
  byKeys: (keys: readonly string[], freshness: Freshness) => Promise<readonly Row[]>;
  find: (
    filter: Filter<ViewDocument<Row>>,
    options: Readonly<{ sort: Sort; limit: number }>,
    freshness: Freshness,
  ) => Promise<readonly Row[]>;
}>;

/**
 * All of its reads throw as those of `readPostgresView` do. They need MongoDB only: pointer, checkpoints and parked
 * events lie there too.
 */
export const readMongoView = <Row extends object>(mongo: Mongo, view: View): MongoViewReader<Row> => {
  // A view that is waited for is one that answers: only the looks at it are calls.
  const freshSight = createFreshSight(view, () => reachingMongo(mongo, () => liveBuild(mongo, view)));
  const awaitBuild = async (freshness: Freshness) => {
    const { live } = await freshSight(freshness);
    return { live, build: nameOf(view, live) };
  };
  return {
    byKey: async (key, freshness) => {
      const { live, build } = await awaitBuild(freshness);
      return reachingMongo(mongo, async () => {
        await refuseParked(view, freshness, async () => (await parkedIn(mongo).findOne({ build, key })) !== null);
        const found = await collectionOf<Row>(mongo, build).findOne({ _id: key } as Filter<ViewDocument<Row>>);
        return found?.row ? { item: found.row, etag: rowTag(live, found.position) } : null;
      });
    },
    byKeys: async (keys, freshness) => {
      const { build } = await awaitBuild(freshness);
      const found = await reachingMongo(mongo, () => mongo.findByIds(collectionOf<Row>(mongo, build), keys));
      return found.flatMap(({ row }) => row ?? []);
    },
    find: async (filter, { sort, limit }, freshness) => {
      const { build } = await awaitBuild(freshness);
      const found = await reachingMongo(mongo, () =>
        collectionOf<Row>(mongo, build).find(filter, { sort, limit }).toArray(),
      );
      return found.flatMap(({ row }) => (row === null ? [] : [row]));
    },
  };
};

/** How far the build of a view that serves is. Throws as `readMongoView` does. */
export const watermarkOf = async (mongo: Mongo, view: View): Promise<bigint | null> =>
  (await reachingMongo(mongo, () => liveBuild(mongo, view))).watermark;

const liveBuild = async (mongo: Mongo, view: View): Promise<LiveBuild> => {
  const found = await controlsIn(mongo).findOne({ _id: view.name });
  if (!found) throw unbuilt();
  const { live } = found.control;
  refuseUnreadable(view, live);
  return { live, watermark: await watermarkIn(mongo, nameOf(view, live)) };
};

/** What all partitions of a build have applied; `null` before all have begun. */
export const watermarkIn = async (mongo: Mongo, build: string): Promise<bigint | null> => {
  const checkpoints = await checkpointsIn(mongo).find({ build }).toArray();
  const commits = checkpoints.flatMap(({ commit }) => commit ?? []);
  return commits.length === partitionCount ? commits.reduce((a, b) => (a < b ? a : b)) : null;
};
