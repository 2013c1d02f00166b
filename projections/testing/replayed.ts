import { isDeepStrictEqual } from 'node:util';
import type { KeptRow, Kind } from '../runner/testing/kinds.js';
import type { Difference, Replay } from '../shared/replay.js';
import type { ReadSide } from '../shared/testing/read-side.js';

/** Tests only. Where a replay lies. */
export const nameOfReplay = ({ id }: Pick<Replay, 'id'>) => `replay_${id.replaceAll('-', '')}`;

/** Tests only. Whether anything is kept of the rows of a replay. */
export const isThere = async ({ postgres, mongo }: ReadSide, replay: Replay, kind: Kind): Promise<boolean> => {
  const name = nameOfReplay(replay);
  if (kind === 'mongodb') return (await mongo.db.listCollections({ name }).toArray()).length > 0;
  const { rows } = await postgres.query<{ found: string | null }>('select to_regclass($1)::text as found', [name]);
  return rows[0]?.found != null;
};

/** Tests only. How rows differ, found out by looking at all of them. */
export const differenceOf = (replayed: readonly KeptRow[], live: readonly KeptRow[]): Difference => {
  const [mine, others] = [replayed, live].map((rows) => new Map(rows.map(({ key, row }) => [key, row])));
  const [added, missing, changed] = [
    replayed.filter(({ key }) => !others?.has(key)),
    live.filter(({ key }) => !mine?.has(key)),
    replayed.filter(({ key, row }) => others?.has(key) && !isDeepStrictEqual(others.get(key), row)),
  ] as const;
  const keys = [...added, ...missing, ...changed].map(({ key }) => key);
  return { added: added.length, missing: missing.length, changed: changed.length, keys: keys.toSorted() };
};
