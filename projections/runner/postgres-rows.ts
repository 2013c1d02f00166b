import type { Postgres } from '../../infra/postgres/postgres.js';
import type { Difference } from '../shared/replay.js';
import { mostDifferingKeys, type KeptRow } from './view-store.js';

/** Goes through two whole tables. */
const withinMs = 600_000;

export const rowsAfter = async (
  postgres: Postgres,
  build: string,
  key: string | null,
  limit: number,
): Promise<readonly KeptRow[]> => {
  const { rows } = await postgres.query<KeptRow>(
    `select key, data as row, position from ${build} where $1::text is null or key > $1 order by key limit $2`,
    [key, limit],
  );
  return rows;
};

export const differenceFrom = async (postgres: Postgres, build: string, other: string): Promise<Difference> => {
  const { rows } = await postgres.query<Difference>(differing(build, other));
  return rows[0] as Difference;
};

const differing = (build: string, other: string) => ({
  text: `with differing as materialized (
           select coalesce(mine.key, others.key) as key, others.key is null as added, mine.key is null as missing
           from ${build} mine full join ${other} others on others.key = mine.key
           where mine.data is distinct from others.data)
         select count(*) filter (where added)::int as added, count(*) filter (where missing)::int as missing,
           count(*) filter (where not added and not missing)::int as changed,
           array(select key from differing order by key limit $1) as keys
         from differing`,
  values: [mostDifferingKeys],
  query_timeout: withinMs,
});
