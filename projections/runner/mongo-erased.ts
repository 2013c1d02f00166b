import type { Message } from '../../domains/shared/decider.js';
import type { Mongo } from '../../infra/mongo/mongo.js';
import type { Projection } from '../shared/projection.js';
import type { StoredRow } from './fold.js';
import { withoutPersonalOf } from './without-personal.js';

/** Who was erased. */
export const erasedIn = ({ db }: Mongo) => db.collection<{ _id: string }>('projection_erased');

/** As `withoutErased` does in PostgreSQL: whoever erases waits for the locks of the partitions. */
export const withoutErasedIn = async <Row extends object>(
  mongo: Mongo,
  { personal }: Pick<Projection<Message, Row>, 'personal'>,
  rows: ReadonlyMap<string, StoredRow<Row>>,
): Promise<ReadonlyMap<string, StoredRow<Row>>> => {
  if (!personal || rows.size === 0) return rows;
  const erased = await erasedIn(mongo)
    .find({ _id: { $in: [...rows.keys()] } })
    .toArray();
  return withoutPersonalOf(new Set(erased.map(({ _id }) => _id)), personal, rows);
};
