import type { Collection, Filter, IndexSpecification, Sort } from 'mongodb';
import { readCheckpoint } from '../../infra/mongo/checkpoints.js';
import { reachingMongo, type Mongo } from '../../infra/mongo/mongo.js';
import { awaitFreshness } from './freshness.js';
import { rowTag, type Found, type Freshness } from './queries.js';
import { nameOf, type View } from './view.js';

/** A row as it lies in MongoDB. A row that went stays as `null`: its position must outlive it. */
export type ViewDocument<Row> = { _id: string; row: Row | null; /** int64 */ position: bigint };

/** The indexes that a view in MongoDB wants. */
export type ViewIndexes = readonly IndexSpecification[];

/** The collection of a view. */
export const collectionOf = <Row extends object>({ db }: Mongo, view: View): Collection<ViewDocument<Row>> =>
  db.collection<ViewDocument<Row>>(nameOf(view));

/** Reads of a view in MongoDB, as fresh as they are asked to be. */
export type MongoViewReader<Row> = Readonly<{
  byKey: (key: string, freshness: Freshness) => Promise<Found<Row> | null>;
  find: (
    filter: Filter<ViewDocument<Row>>,
    options: Readonly<{ sort: Sort; limit: number }>,
    freshness: Freshness,
  ) => Promise<readonly Row[]>;
}>;

/**
 * All of its reads throw DomainError `view.behind` when the view is not as fresh as asked, and `service.unavailable`
 * when MongoDB is away. They need MongoDB only: the checkpoint lies there too.
 */
export const readMongoView = <Row extends object>(mongo: Mongo, view: View): MongoViewReader<Row> => {
  const collection = collectionOf<Row>(mongo, view);
  const fresh = <Result>(freshness: Freshness, read: () => Promise<Result>) =>
    reachingMongo(mongo, async () => {
      await awaitFreshness(view, freshness, () => readCheckpoint(mongo.db, view));
      return read();
    });
  return {
    byKey: (key, freshness) =>
      fresh(freshness, async () => {
        const found = await collection.findOne({ _id: key } as Filter<ViewDocument<Row>>);
        return found?.row ? { item: found.row, etag: rowTag(view.version, found.position) } : null;
      }),
    find: (filter, { sort, limit }, freshness) =>
      fresh(freshness, async () => {
        const found = await collection.find(filter, { sort, limit }).toArray();
        return found.flatMap(({ row }) => (row === null ? [] : [row]));
      }),
  };
};
