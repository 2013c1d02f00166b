import type { Postgres } from '../postgres/postgres.js';
import { inclusionRanges, type InclusionProof } from './merkle-proofs.js';
import { rootsOfRanges } from './range-roots.js';

/**
 * Proofs that the events with these numbers are in the log of `size` events, in their order: with two queries for all of
 * them. Each needs at most 128 nodes of each eighth level, so a few hundred events at once do not fill the memory.
 */
export const inclusionProofs = async (
  postgres: Pick<Postgres, 'query'>,
  indexes: readonly number[],
  size: number,
): Promise<readonly InclusionProof[]> => {
  const ranges = indexes.map((index) => inclusionRanges(index, size));
  const roots = await rootsOfRanges(postgres, ranges.flat());
  let next = 0;
  return indexes.map((index, number) => {
    const first = next;
    next += ranges[number]?.length ?? 0;
    return { index, size, hashes: roots.slice(first, next) };
  });
};
