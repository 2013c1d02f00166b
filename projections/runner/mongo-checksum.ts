import { createHash } from 'node:crypto';
import type { Collection } from 'mongodb';
import { reachingMongo, type Mongo } from '../../infra/mongo/mongo.js';
import type { ViewDocument } from '../shared/mongo-view.js';
import { partitionOf } from './partition.js';
import type { HeldPartition } from './plan.js';
import type { Snapshot } from './view-store.js';

/**
 * Whoever takes over a partition that was held writes under a higher epoch: a document that has one was changed since, and
 * the others are as they were. A sum of digests, which does not depend on the order of the documents.
 */
export const snapshotIn = <Row extends object>(
  mongo: Mongo,
  collection: Collection<ViewDocument<Row>>,
  held: readonly HeldPartition[],
): Snapshot => {
  const epochs = new Map(held.map(({ partition, epoch }) => [partition, epoch]));
  const checksum: Snapshot['checksum'] = async (except) => {
    const changed = new Set<string>();
    let rows = 0;
    let sum = 0n;
    for await (const { _id, row, position, epoch } of collection.find()) {
      if (epoch > (epochs.get(partitionOf(_id)) ?? 0n)) changed.add(_id);
      if (row === null || except.has(_id) || changed.has(_id)) continue;
      rows += 1;
      sum = (sum + digestOf([_id, String(position), row])) % 2n ** 64n;
    }
    return { rows, checksum: sum.toString(), changed };
  };
  return { checksum: (except) => reachingMongo(mongo, () => checksum(except)), close: () => Promise.resolve() };
};

const digestOf = (values: readonly unknown[]): bigint =>
  createHash('sha256').update(canonical(values)).digest().readBigUInt64BE();

/** Equal values have one text, whatever the order of their fields. */
export const canonical = (value: unknown): string => JSON.stringify(value, sorted);

const sorted = (_: string, value: unknown): unknown => {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
};
