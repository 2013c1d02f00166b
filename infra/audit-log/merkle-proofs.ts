import { nodeHash } from './merkle-tree.js';

/** Leaves from `start` on, up to but not with `end`. */
export type Range = Readonly<{ start: number; end: number }>;

/**
 * The ranges whose roots prove that a leaf is in a tree of `size` leaves, the nearest to it first (RFC 9162, section
 * 2.1.3.1).
 */
export const inclusionRanges = (index: number, size: number): readonly Range[] => {
  const ranges: Range[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + halfOf(end - start);
    ranges.unshift(index < middle ? { start: middle, end } : { start, end: middle });
    if (index < middle) end = middle;
    else start = middle;
  }
  return ranges;
};

/**
 * The ranges whose roots prove that a tree of `to` leaves begins with that of `from` leaves (RFC 9162, section 2.1.4.1);
 * none for an empty tree or the same.
 */
export const consistencyRanges = (from: number, to: number): readonly Range[] => {
  if (from === 0 || from === to) return [];
  const ranges: Range[] = [];
  let [start, end] = [0, to];
  while (from < end) {
    const middle = start + halfOf(end - start);
    ranges.unshift(from <= middle ? { start: middle, end } : { start, end: middle });
    if (from <= middle) end = middle;
    else start = middle;
  }
  // Whoever checks has the root of the older tree, where that is what is left.
  return start === 0 ? ranges : [{ start, end }, ...ranges];
};

/** The complete subtrees that a range of a tree is made of, the largest first. */
export const subtreesOf = ({ start, end }: Range): readonly Readonly<{ level: number; index: number }>[] => {
  const subtrees: Readonly<{ level: number; index: number }>[] = [];
  for (let next = start; next < end;) {
    const level = Math.floor(Math.log2(end - next));
    subtrees.push({ level, index: next / 2 ** level });
    next += 2 ** level;
  }
  return subtrees;
};

export type InclusionProof = Readonly<{ index: number; size: number; hashes: readonly Buffer[] }>;

/** Whether a leaf with this hash is in the tree with this root (RFC 9162, section 2.1.3.2). */
export const provesInclusion = ({ index, size, hashes }: InclusionProof, leaf: Buffer, root: Buffer): boolean => {
  if (index < 0 || index >= size) return false;
  let [place, last, found] = [index, size - 1, leaf];
  for (const sibling of hashes) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      found = nodeHash(sibling, found);
      [place, last] = upFromRight(place, last);
    } else found = nodeHash(found, sibling);
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  return last === 0 && found.equals(root);
};

export type ConsistencyProof = Readonly<{ from: number; to: number; hashes: readonly Buffer[] }>;

/** Whether the tree with the root `toRoot` begins with that of `fromRoot` (RFC 9162, section 2.1.4.2). */
export const provesConsistency = (
  { from, to, hashes }: ConsistencyProof,
  fromRoot: Buffer,
  toRoot: Buffer,
): boolean => {
  if (from > to) return false;
  if (from === to) return hashes.length === 0 && fromRoot.equals(toRoot);
  if (from === 0) return hashes.length === 0;
  const [first, ...rest] = isPowerOfTwo(from) ? [fromRoot, ...hashes] : hashes;
  if (first === undefined) return false;
  let [place, last] = [from - 1, to - 1];
  while (place % 2 === 1) [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  let [older, newer] = [first, first];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      [older, newer] = [nodeHash(sibling, older), nodeHash(sibling, newer)];
      [place, last] = upFromRight(place, last);
    } else newer = nodeHash(newer, sibling);
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  return last === 0 && older.equals(fromRoot) && newer.equals(toRoot);
};

/** A node that is a right one, or the last: past the levels on which it has no sibling. */
const upFromRight = (place: number, last: number): readonly [number, number] => {
  let [up, end] = [place, last];
  while (up % 2 === 0 && up !== 0) [up, end] = [up / 2, Math.floor(end / 2)];
  return [up, end];
};

/** The largest power of two that is smaller. */
const halfOf = (size: number): number => 2 ** Math.ceil(Math.log2(size) - 1);

const isPowerOfTwo = (size: number): boolean => Number.isInteger(Math.log2(size));
