import { hash } from 'node:crypto';

/** A hash of SHA-256 has so many bytes. */
export const hashLength = 32;

/**
 * A tree as RFC 6962 (section 2.1) has it, as little of it as it takes to grow: its size in leaves, and the roots of the
 * complete subtrees that it is made of, the largest first.
 */
export type Tree = Readonly<{ size: number; peaks: readonly Buffer[] }>;

/** Told of every complete subtree of two leaves or more as it comes about: `2 ** level` leaves, the first of which is `index * 2 ** level`. */
export type OnComplete = (level: number, index: number, root: Buffer) => void;

export const emptyTree: Tree = { size: 0, peaks: [] };

/** The tree with further leaves, given their hashes. */
export const grow = (tree: Tree, leaves: Iterable<Buffer>, onComplete: OnComplete = () => undefined): Tree => {
  const peaks = [...tree.peaks];
  let { size } = tree;
  for (const leaf of leaves) {
    let root = leaf;
    let index = size;
    for (let level = 1; index % 2 === 1; level += 1) {
      root = nodeHash(peaks.pop() as Buffer, root);
      index = (index - 1) / 2;
      onComplete(level, index, root);
    }
    peaks.push(root);
    size += 1;
  }
  return { size, peaks };
};

/** The hash over all leaves. */
export const rootOf = ({ peaks }: Tree): Buffer =>
  peaks.length === 0 ? emptyRoot() : peaks.reduceRight((right, left) => nodeHash(left, right));

/** The root of leaves, given the roots of complete subtrees of one size that they are made of, two or four or more. */
export const foldComplete = (roots: readonly Buffer[]): Buffer => {
  let level = roots;
  while (level.length > 1)
    level = Array.from({ length: level.length / 2 }, (_, pair) =>
      nodeHash(level[2 * pair] as Buffer, level[2 * pair + 1] as Buffer),
    );
  return level[0] as Buffer;
};

/** What the tree has of an event: SHA-256 of a zero byte and the event's digest. */
export const leafHash = (digest: Uint8Array): Buffer => {
  leafInput.set(digest, 1);
  return hash('sha256', leafInput, 'buffer');
};

export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => {
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + hashLength);
  return hash('sha256', nodeInput, 'buffer');
};

const emptyRoot = () => hash('sha256', Buffer.alloc(0), 'buffer');

// Written anew for each hash, since a tree takes two for every event.
const leafInput = Buffer.alloc(1 + hashLength, 0);
const nodeInput = Buffer.alloc(1 + 2 * hashLength, 1);
