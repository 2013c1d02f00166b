import { createHash } from 'node:crypto';
import { emptyTree, foldComplete, grow, leafHash, rootOf, type Tree } from './merkle-tree.js';
import { plainLeaf, plainLeaves, plainRoot, vectors } from './testing/plain-tree.js';

describe('a tree', () => {
  it('has the roots of the vectors that implementations of RFC 6962 share', () => {
    const leaves = vectors.map(({ entry }) => plainLeaf(Buffer.from(entry, 'hex')));
    const roots = vectors.map((_, index) => rootOf(grow(emptyTree, leaves.slice(0, index + 1))).toString('hex'));
    expect(roots).toEqual(vectors.map(({ root }) => root));
    expect(rootOf(emptyTree).toString('hex')).toBe(createHash('sha256').digest('hex'));
  });

  it('has the root of its definition, however it grew', () => {
    const leaves = plainLeaves(70);
    let tree: Tree = emptyTree;
    for (let size = 1; size <= leaves.length; size += 1) {
      tree = grow(tree, leaves.slice(size - 1, size));
      expect(rootOf(tree)).toEqual(plainRoot(leaves.slice(0, size)));
      expect(grow(emptyTree, leaves.slice(0, size))).toEqual(tree);
    }
  });

  it('tells of complete subtrees as they come about', () => {
    const leaves = plainLeaves(21);
    const told: string[] = [];
    grow(grow(emptyTree, leaves.slice(0, 5)), leaves.slice(5), (level, index, root) => {
      const length = 2 ** level;
      expect(root).toEqual(plainRoot(leaves.slice(index * length, (index + 1) * length)));
      told.push(`${level}:${index}`);
    });
    expect(told.filter((each) => each.startsWith('2:'))).toEqual(['2:1', '2:2', '2:3', '2:4']);
    expect(told).toContain('4:0');
    expect(foldComplete(leaves.slice(0, 16))).toEqual(plainRoot(leaves.slice(0, 16)));
  });

  it('takes SHA-256 of a zero byte and the digest for a leaf', () => {
    const digest = createHash('sha256').update('an event').digest();
    expect(leafHash(digest)).toEqual(plainLeaf(digest));
  });
});
