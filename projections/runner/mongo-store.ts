import type { AnyBulkWriteOperation, Collection, Filter } from 'mongodb';
import type { Message } from '../../domains/shared/decider.js';
import { advanceCheckpoint, isDuplicateKey, readCheckpoint } from '../../infra/mongo/checkpoints.js';
import { reachingMongo, type Mongo } from '../../infra/mongo/mongo.js';
import { collectionOf, type ViewDocument, type ViewIndexes } from '../shared/mongo-view.js';
import type { Projection } from '../shared/projection.js';
import { foldRows, groupByKey, type StoredRow } from './fold.js';
import { storable } from './storable.js';
import { endOf, Overtaken, type ViewStore } from './view-store.js';

/**
 * Keeps a view in MongoDB, which need not have transactions: every document is written once with its position, then the
 * checkpoint. A batch that was cut short comes again, and what it has written already is left as it is.
 */
export const createMongoStore = <Event extends Message, Row extends object>(
  mongo: Mongo,
  projection: Projection<Event, Row>,
  indexes: ViewIndexes = [],
): ViewStore => {
  const collection = collectionOf<Row>(mongo, projection);
  return {
    prepare: () =>
      reachingMongo(mongo, async () => {
        for (const index of indexes) await collection.createIndex(index);
      }),
    checkpoint: () => reachingMongo(mongo, () => readCheckpoint(mongo.db, projection)),
    apply: (batch, previous) =>
      reachingMongo(mongo, async () => {
        const groups = groupByKey(projection, batch);
        const stored = await readRows(collection, [...groups.keys()]);
        const changed = foldRows(projection, groups, stored);
        await insertRows(collection, changed, stored);
        await replaceRows(collection, changed, stored, await mongo.mostUpdates());
        const end = endOf(batch);
        if (!(await advanceCheckpoint(mongo.db, projection, previous, end))) throw new Overtaken(projection.name);
        return end;
      }),
  };
};

type Rows<Row> = ReadonlyMap<string, StoredRow<Row>>;

const readRows = async <Row extends object>(
  collection: Collection<ViewDocument<Row>>,
  keys: readonly string[],
): Promise<Rows<Row>> => {
  const found = await collection.find({ _id: { $in: keys } } as Filter<ViewDocument<Row>>).toArray();
  return new Map(found.map(({ _id, row, position }) => [_id, { row: row, position }]));
};

const insertRows = async <Row extends object>(
  collection: Collection<ViewDocument<Row>>,
  changed: Rows<Row>,
  stored: Rows<Row>,
) => {
  const documents = [...changed].filter(([key]) => !stored.has(key)).map(documentOf);
  if (documents.length === 0) return;
  try {
    await collection.insertMany(documents);
  } catch (error) {
    if (isDuplicateKey(error)) throw new Overtaken(collection.collectionName);
    throw error;
  }
};

/** Each on condition that the document is still as it was read. */
const replaceRows = async <Row extends object>(
  collection: Collection<ViewDocument<Row>>,
  changed: Rows<Row>,
  stored: Rows<Row>,
  most: number,
) => {
  const replacements = [...changed].flatMap(([_id, after]): AnyBulkWriteOperation<ViewDocument<Row>>[] => {
    const before = stored.get(_id);
    if (!before) return [];
    const filter = { _id, position: before.position } as Filter<ViewDocument<Row>>;
    return [{ replaceOne: { filter, replacement: documentOf([_id, after]) } }];
  });
  for (let from = 0; from < replacements.length; from += most) {
    const bulk = replacements.slice(from, from + most);
    const { matchedCount } = await collection.bulkWrite(bulk);
    if (matchedCount !== bulk.length) throw new Overtaken(collection.collectionName);
  }
};

const documentOf = <Row extends object>([_id, { row, position }]: readonly [string, StoredRow<Row>]) => ({
  _id,
  row: row && storable(row),
  position,
});
