import type { Signed } from './checkpoints.js';
import { grow, leafHash, rootOf, type Tree } from './merkle-tree.js';

export type SignedChecks = Readonly<{
  /** The first that is not what the tree had, on its way through these digests; `null` where there is none. */
  through: (tree: Tree, digests: readonly Buffer[]) => Signed | null;
  /** The size up to which everything is as it was signed. */
  lastGood: () => number;
  /** The first that the tree has not come to yet. */
  left: () => Signed | null;
}>;

/** Holds a tree, as it grows, against what was signed at each size, given the smallest first. */
export const checkSigned = (signed: readonly Signed[]): SignedChecks => {
  let next = 0;
  let lastGood = 0;

  const isGood = ({ root }: Signed, tree: Tree) => root !== null && root.equals(rootOf(tree));

  const through = (tree: Tree, digests: readonly Buffer[]): Signed | null => {
    let grown = tree;
    for (let one = signed[next]; one && one.size <= tree.size + digests.length; one = signed[next]) {
      grown = grow(grown, digests.slice(grown.size - tree.size, one.size - tree.size).map(leafHash));
      if (!isGood(one, grown)) return one;
      lastGood = one.size;
      next += 1;
    }
    return null;
  };

  return { through, lastGood: () => lastGood, left: () => signed[next] ?? null };
};
