import type { Position } from '../event-store/stored-event.js';
import type { Postgres } from '../postgres/postgres.js';
import { hashLength, type Tree } from './merkle-tree.js';

/** How far the log is: its tree, the place of the last event in it, and the latest time at which one was created. */
export type LogHead = Readonly<{ tree: Tree; place: Position | null; latest: Date | null }>;

type Row = Readonly<{
  size: bigint;
  position: bigint | null;
  prepare: bigint | null;
  latest: Date | null;
  peaks: Buffer;
}>;

export const readHead = async (postgres: Pick<Postgres, 'query'>): Promise<LogHead> => {
  const { rows } = await postgres.query<Row>('select size, position, prepare, latest, peaks from audit_head');
  const { size, position, prepare, latest, peaks } = rows[0] as Row;
  const place = position === null || prepare === null ? null : { commit: position, prepare };
  return { tree: { size: Number(size), peaks: split(peaks) }, place, latest };
};

const split = (peaks: Buffer): readonly Buffer[] =>
  Array.from({ length: peaks.length / hashLength }, (_, index) =>
    peaks.subarray(index * hashLength, (index + 1) * hashLength),
  );
