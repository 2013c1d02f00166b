import { createHash } from 'node:crypto';

/** Test-only. Entries and the roots of the trees of all up to each: the vectors of Certificate Transparency's own tests. */
export const vectors = [
  { entry: '', root: '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d' },
  { entry: '00', root: 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125' },
  { entry: '10', root: 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77' },
  { entry: '2021', root: 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7' },
  { entry: '3031', root: '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4' },
  { entry: '40414243', root: '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef' },
  { entry: '5051525354555657', root: 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c' },
  {
    entry: '606162636465666768696a6b6c6d6e6f',
    root: '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  },
] as const;

const sha256 = (...parts: readonly Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();

export const plainLeaf = (entry: Uint8Array): Buffer => sha256(Buffer.of(0), entry);

export const plainLeaves = (count: number): readonly Buffer[] =>
  Array.from({ length: count }, (_, number) => plainLeaf(Buffer.from(`entry ${number}`)));

/** MTH of RFC 6962, section 2.1, word by word. */
export const plainRoot = (leaves: readonly Buffer[]): Buffer => {
  if (leaves.length < 2) return leaves[0] ?? sha256();
  const half = halfOf(leaves.length);
  return sha256(Buffer.of(1), plainRoot(leaves.slice(0, half)), plainRoot(leaves.slice(half)));
};

/** PATH of RFC 6962, section 2.1.1. */
export const plainInclusion = (index: number, leaves: readonly Buffer[]): readonly Buffer[] => {
  if (leaves.length === 1) return [];
  const half = halfOf(leaves.length);
  const [left, right] = [leaves.slice(0, half), leaves.slice(half)];
  return index < half
    ? [...plainInclusion(index, left), plainRoot(right)]
    : [...plainInclusion(index - half, right), plainRoot(left)];
};

/** PROOF, and SUBPROOF where `isWhole` is false, of RFC 6962, section 2.1.2. */
export const plainConsistency = (size: number, leaves: readonly Buffer[], isWhole = true): readonly Buffer[] => {
  if (size === leaves.length) return isWhole ? [] : [plainRoot(leaves)];
  const half = halfOf(leaves.length);
  const [left, right] = [leaves.slice(0, half), leaves.slice(half)];
  return size <= half
    ? [...plainConsistency(size, left, isWhole), plainRoot(right)]
    : [...plainConsistency(size - half, right, false), plainRoot(left)];
};

const halfOf = (length: number): number => {
  let half = 1;
  while (half * 2 < length) half *= 2;
  return half;
};
