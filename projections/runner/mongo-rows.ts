import type { AnyBulkWriteOperation, Collection, Filter } from 'mongodb';
import { isDuplicateKey, type Mongo } from '../../infra/mongo/mongo.js';
import type { ViewDocument } from '../shared/mongo-view.js';
import type { StoredRow } from './fold.js';
import type { StillHeld } from './mongo-lock.js';
import { partitionOf } from './partition.js';
import { storable } from './storable.js';
import { Overtaken, type KeptRow } from './view-store.js';

type Rows<Row> = ReadonlyMap<string, StoredRow<Row>>;

/** What rows were when they were read, and under which epochs they are written. */
type Writing<Row> = Readonly<{
  stored: Rows<Row>;
  epochs: ReadonlyMap<number, bigint>;
  stillHeld: StillHeld;
}>;

/** So many documents are inserted at once. */
const mostInserts = 500;

export const readRows = async <Row extends object>(
  mongo: Mongo,
  collection: Collection<ViewDocument<Row>>,
  keys: readonly string[],
): Promise<Rows<Row>> => {
  const found = await mongo.findByIds(collection, keys);
  return new Map(found.map(({ _id, row, position }) => [_id, { row: row, position }]));
};

/** At most `limit` rows that are there, by key: those after one, or the first. */
export const rowsAfter = async <Row extends object>(
  collection: Collection<ViewDocument<Row>>,
  key: string | null,
  limit: number,
): Promise<readonly KeptRow[]> => {
  const filter = { row: { $ne: null }, ...(key === null ? {} : { _id: { $gt: key } }) };
  const found = await collection
    .find(filter as Filter<ViewDocument<Row>>)
    .sort({ _id: 1 })
    .limit(limit)
    .toArray();
  return found.flatMap(({ _id, row, position }) => (row === null ? [] : [{ key: _id, row, position }]));
};

/** Writes the rows that were not there. @throws Overtaken where one is there now. */
export const insertRows = async <Row extends object>(
  collection: Collection<ViewDocument<Row>>,
  changed: Rows<Row>,
  { stored, epochs, stillHeld }: Writing<Row>,
): Promise<void> => {
  const documents = [...changed].filter(([key]) => !stored.has(key)).map((each) => documentOf(each, epochs));
  for (let from = 0; from < documents.length; from += mostInserts) {
    await stillHeld();
    try {
      await collection.insertMany(documents.slice(from, from + mostInserts));
    } catch (error) {
      if (isDuplicateKey(error)) throw new Overtaken(collection.collectionName);
      throw error;
    }
  }
};

/**
 * Writes the rows that were there, at most `most` at once, each on condition that it is still as it was read and that
 * nobody has written it under a higher epoch. @throws Overtaken where one is not.
 */
export const replaceRows = async <Row extends object>(
  collection: Collection<ViewDocument<Row>>,
  changed: Rows<Row>,
  { stored, epochs, stillHeld, most }: Writing<Row> & Readonly<{ most: number }>,
): Promise<void> => {
  const replacements = [...changed].flatMap(([_id, after]): AnyBulkWriteOperation<ViewDocument<Row>>[] => {
    const before = stored.get(_id);
    if (!before) return [];
    const replacement = documentOf([_id, after], epochs);
    const filter = { _id, position: before.position, epoch: { $lte: replacement.epoch } } as Filter<ViewDocument<Row>>;
    return [{ replaceOne: { filter, replacement } }];
  });
  for (let from = 0; from < replacements.length; from += most) {
    const bulk = replacements.slice(from, from + most);
    await stillHeld();
    const { matchedCount } = await collection.bulkWrite(bulk);
    if (matchedCount !== bulk.length) throw new Overtaken(collection.collectionName);
  }
};

const documentOf = <Row extends object>(
  [_id, { row, position }]: readonly [string, StoredRow<Row>],
  epochs: ReadonlyMap<number, bigint>,
) => ({ _id, row: row && storable(row), position, epoch: epochs.get(partitionOf(_id)) ?? 0n });
