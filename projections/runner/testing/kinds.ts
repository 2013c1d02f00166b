import type { ReadSide } from '../../shared/testing/read-side.js';
import { collectionOf, readMongoView } from '../../shared/mongo-view.js';
import { readPostgresView } from '../../shared/postgres-view.js';
import type { View } from '../../shared/view.js';
import type { Found, Freshness } from '../../shared/queries.js';
import type { Count } from './counts.js';

/** Tests only. Both kinds of stores, which every test of the contract runs over. */
export const kinds = ['postgres', 'mongodb'] as const;
export type Kind = (typeof kinds)[number];

/** Tests only. A row as it lies in its store. */
export type KeptRow = Readonly<{ key: string; row: object; position: bigint }>;

/** Tests only. All rows of a build, whatever the store keeps beside them. */
export const rowsOf = async (
  { postgres, mongo }: Pick<ReadSide, 'postgres' | 'mongo'>,
  kind: Kind,
  build: string,
): Promise<readonly KeptRow[]> => {
  if (kind === 'postgres') {
    const { rows } = await postgres.query<KeptRow>(`select key, data as row, position from ${build} order by key`);
    return rows;
  }
  const found = await collectionOf<object>(mongo, build).find().sort({ _id: 1 }).toArray();
  return found.flatMap(({ _id, row, position }) => (row === null ? [] : [{ key: _id, row, position }]));
};

/** Tests only. Reads a count as queries do. */
export const readCount =
  ({ postgres, mongo }: Pick<ReadSide, 'postgres' | 'mongo'>, kind: Kind, view: View) =>
  (key: string, freshness: Freshness): Promise<Found<Count> | null> =>
    kind === 'postgres'
      ? readPostgresView<Count>(postgres, view).byKey(key, freshness)
      : readMongoView<Count>(mongo, view).byKey(key, freshness);

/** Tests only. Changes a count behind the back of whoever keeps it. */
export const spoilRow = async (
  { postgres, mongo }: Pick<ReadSide, 'postgres' | 'mongo'>,
  kind: Kind,
  build: string,
  key: string,
): Promise<void> => {
  if (kind === 'postgres')
    await postgres.query(`update ${build} set data = data || '{"sum": 77}' where key = $1`, [key]);
  else await collectionOf<Count>(mongo, build).updateOne({ _id: key }, { $set: { 'row.sum': 77 } });
};
