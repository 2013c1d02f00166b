import type { Message } from '../../domains/shared/decider.js';
import type { PostgresConnection } from '../../infra/postgres/postgres.js';
import type { Projection } from '../shared/projection.js';
import type { StoredRow } from './fold.js';
import { withoutPersonalOf } from './without-personal.js';

type Rows<Row> = ReadonlyMap<string, StoredRow<Row>>;

/**
 * Rows without the personal fields of whoever was erased: events of before the erasure may have been read when their key
 * was still there. It is looked up in the transaction that writes the rows; whoever erases notes the person first, and
 * then waits for the transactions under way.
 */
export const withoutErased = async <Row extends object>(
  connection: PostgresConnection,
  { personal }: Pick<Projection<Message, Row>, 'personal'>,
  rows: Rows<Row>,
): Promise<Rows<Row>> => {
  if (!personal || rows.size === 0) return rows;
  const { rows: erased } = await connection.query<{ subject: string }>({
    name: 'erased-among',
    text: 'select subject from projection_erased where subject = any($1)',
    values: [[...rows.keys()]],
  });
  return withoutPersonalOf(new Set(erased.map(({ subject }) => subject)), personal, rows);
};
