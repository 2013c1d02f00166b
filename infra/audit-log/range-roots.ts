import { DomainError } from '../../domains/shared/errors.js';
import type { Postgres } from '../postgres/postgres.js';
import { levelsApart } from './append-entries.js';
import { subtreesOf, type Range } from './merkle-proofs.js';
import { foldComplete, leafHash, nodeHash } from './merkle-tree.js';

/**
 * The roots of ranges of the log's events, in their order: with two queries for all of them.
 *
 * @throws DomainError `audit.tampered` where the log lacks what they are made of.
 */
export const rootsOfRanges = async (
  postgres: Pick<Postgres, 'query'>,
  ranges: readonly Range[],
): Promise<readonly Buffer[]> => {
  const roots = await subtreeRoots(postgres, ranges);
  return ranges.map((range) =>
    subtreesOf(range)
      .map(({ level, index }) => roots.get(keyOf(level, index)) as Buffer)
      .reduceRight((right, left) => nodeHash(left, right)),
  );
};

type Roots = ReadonlyMap<string, Buffer>;

const keyOf = (level: number, index: number) => `${level}/${index}`;

/** The roots of all complete subtrees that the ranges are made of, from the nodes that are kept below them. */
const subtreeRoots = async (postgres: Pick<Postgres, 'query'>, ranges: readonly Range[]): Promise<Roots> => {
  const wanted = new Map(ranges.flatMap(subtreesOf).map((each) => [keyOf(each.level, each.index), each]));
  const below = [...wanted].map(([key, { level, index }]) => {
    const breadth = 2 ** (level % levelsApart);
    return { key, level: level - (level % levelsApart), first: index * breadth, breadth };
  });
  const kept = await keptNodes(postgres, below);
  return new Map(
    below.map(({ key, level, first, breadth }) => {
      const nodes = Array.from({ length: breadth }, (_, number) => kept.get(keyOf(level, first + number)));
      if (!nodes.every((node) => node !== undefined)) throw lacking(key);
      return [key, foldComplete(nodes)];
    }),
  );
};

const lacking = (subtree: string) =>
  new DomainError(
    'audit.tampered',
    `The audit log lacks hashes below its node ${subtree}, so nothing there is proved; restore the tables audit_* of ` +
      'PostgreSQL, then start a verification',
  );

type Run = Readonly<{ level: number; first: number; breadth: number }>;
type Row = Readonly<{ level: number; index: bigint; hash: Buffer }>;

const keptNodes = async (postgres: Pick<Postgres, 'query'>, runs: readonly Run[]): Promise<Roots> => {
  const [leaves, nodes] = [runs.filter(({ level }) => level === 0), runs.filter(({ level }) => level > 0)];
  const [entries, inner] = await Promise.all([
    postgres.query<Row>(selectLeaves, [firsts(leaves), lasts(leaves)]),
    postgres.query<Row>(selectNodes, [nodes.map(({ level }) => level), firsts(nodes), lasts(nodes)]),
  ]);
  return new Map([
    ...entries.rows.map(({ index, hash }): [string, Buffer] => [keyOf(0, Number(index)), leafHash(hash)]),
    ...inner.rows.map(({ level, index, hash }): [string, Buffer] => [keyOf(level, Number(index)), hash]),
  ]);
};

const firsts = (runs: readonly Run[]) => runs.map(({ first }) => first);
const lasts = (runs: readonly Run[]) => runs.map(({ first, breadth }) => first + breadth - 1);

const selectLeaves = `
  select entry.index, entry.digest as hash from unnest($1::bigint[], $2::bigint[]) as run (first, last)
  join audit_entries entry on entry.index between run.first and run.last`;

const selectNodes = `
  select node.level, node.index, node.hash
  from unnest($1::smallint[], $2::bigint[], $3::bigint[]) as run (level, first, last)
  join audit_nodes node on node.level = run.level and node.index between run.first and run.last`;
