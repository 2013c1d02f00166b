import { createHash } from 'node:crypto';
import type { Collection } from 'mongodb';
import type { ViewDocument } from '../shared/mongo-view.js';
import type { Checksum } from './view-store.js';

/** Counts and sums the documents of a build as they are now; meanwhile nobody must write them. */
export const checksumIn = async <Row extends object>(collection: Collection<ViewDocument<Row>>): Promise<Checksum> => {
  let rows = 0;
  let sum = 0n;
  for await (const { _id, row, position } of collection.find()) {
    if (row === null) continue;
    rows += 1;
    const digest = createHash('sha256')
      .update(canonical([_id, String(position), row]))
      .digest();
    sum = (sum + digest.readBigUInt64BE()) % 2n ** 64n;
  }
  return { rows, checksum: sum.toString() };
};

/** Equal values have one text, whatever the order of their fields. */
const canonical = (value: unknown): string => JSON.stringify(value, sorted);

const sorted = (_: string, value: unknown): unknown => {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
};
