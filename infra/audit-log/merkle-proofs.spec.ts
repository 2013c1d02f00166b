import fc from 'fast-check';
import {
  consistencyRanges,
  inclusionRanges,
  provesConsistency,
  provesInclusion,
  subtreesOf,
  type Range,
} from './merkle-proofs.js';
import { plainConsistency, plainInclusion, plainLeaves, plainRoot } from './testing/plain-tree.js';

const leaves = plainLeaves(33);
const first = (size: number) => leaves.slice(0, size);
const hashesOf = (ranges: readonly Range[]) => ranges.map(({ start, end }) => plainRoot(leaves.slice(start, end)));
const sizes = Array.from({ length: leaves.length }, (_, index) => index + 1);
const roots = sizes.map((size) => plainRoot(first(size)));
const rootOf = (size: number) => roots[size - 1] as Buffer;
const inHex = (hashes: readonly Buffer[]) => hashes.map((hash) => hash.toString('hex')).join();

describe('a proof that a leaf is in a tree', () => {
  it.each([1, 2, 3, 7, 8, 9, 16, 20, 31, 33])('of %i has the hashes of its definition, and is believed', (size) => {
    for (let index = 0; index < size; index += 1) {
      const hashes = hashesOf(inclusionRanges(index, size));
      expect(inHex(hashes)).toBe(inHex(plainInclusion(index, first(size))));
      expect(provesInclusion({ index, size, hashes }, leaves[index] as Buffer, rootOf(size))).toBe(true);
    }
  });

  it('proves nothing else', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 33 }), fc.nat(), fc.nat(), fc.nat(255), (size, some, other, bit) => {
        const index = some % size;
        const proof = { index, size, hashes: hashesOf(inclusionRanges(index, size)) };
        const leaf = leaves[index] as Buffer;
        const root = rootOf(size);
        const changed = proof.hashes.with(other % proof.hashes.length, flipped(leaf, bit));
        expect(provesInclusion({ ...proof, hashes: changed }, leaf, root)).toBe(false);
        expect(provesInclusion({ ...proof, hashes: proof.hashes.slice(1) }, leaf, root)).toBe(false);
        expect(provesInclusion({ ...proof, hashes: [...proof.hashes, leaf] }, leaf, root)).toBe(false);
        expect(provesInclusion(proof, flipped(leaf, bit), root)).toBe(false);
        expect(provesInclusion(proof, leaf, flipped(root, bit))).toBe(false);
        expect(provesInclusion({ ...proof, index: (index + 1 + (other % (size - 1))) % size }, leaf, root)).toBe(false);
      }),
    );
    expect(provesInclusion({ index: 1, size: 1, hashes: [] }, leaves[0] as Buffer, leaves[0] as Buffer)).toBe(false);
  });
});

describe('a proof that a tree begins with a smaller one', () => {
  it.each([1, 2, 3, 7, 8, 9, 16, 20, 31, 33])('of %i has the hashes of its definition, and is believed', (from) => {
    for (let to = from; to <= leaves.length; to += 1) {
      const hashes = hashesOf(consistencyRanges(from, to));
      expect(inHex(hashes)).toBe(inHex(from === to ? [] : plainConsistency(from, first(to))));
      expect(provesConsistency({ from, to, hashes }, rootOf(from), rootOf(to))).toBe(true);
    }
  });

  it('proves nothing else', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 33 }), fc.nat(), fc.nat(), fc.nat(255), (to, some, other, bit) => {
        const from = 1 + (some % (to - 1));
        const proof = { from, to, hashes: hashesOf(consistencyRanges(from, to)) };
        const [fromRoot, toRoot] = [rootOf(from), rootOf(to)];
        const changed = proof.hashes.with(other % proof.hashes.length, flipped(fromRoot, bit));
        expect(provesConsistency({ ...proof, hashes: changed }, fromRoot, toRoot)).toBe(false);
        expect(provesConsistency({ ...proof, hashes: proof.hashes.slice(1) }, fromRoot, toRoot)).toBe(false);
        expect(provesConsistency({ ...proof, hashes: [...proof.hashes, toRoot] }, fromRoot, toRoot)).toBe(false);
        expect(provesConsistency(proof, flipped(fromRoot, bit), toRoot)).toBe(false);
        expect(provesConsistency(proof, fromRoot, flipped(toRoot, bit))).toBe(false);
      }),
    );
    expect(provesConsistency({ from: 3, to: 2, hashes: [] }, leaves[0] as Buffer, leaves[0] as Buffer)).toBe(false);
    expect(provesConsistency({ from: 1, to: 1, hashes: [] }, leaves[0] as Buffer, leaves[1] as Buffer)).toBe(false);
  });

  it('needs no hashes where there was nothing before', () => {
    expect(consistencyRanges(0, 5)).toEqual([]);
    expect(provesConsistency({ from: 0, to: 5, hashes: [] }, plainRoot([]), rootOf(5))).toBe(true);
  });
});

it('ranges are made of complete subtrees', () => {
  expect(subtreesOf({ start: 16, end: 29 })).toEqual([
    { level: 3, index: 2 },
    { level: 2, index: 6 },
    { level: 0, index: 28 },
  ]);
  expect(subtreesOf({ start: 0, end: 0 })).toEqual([]);
});

const flipped = (bytes: Buffer, bit: number): Buffer => {
  const changed = Buffer.from(bytes);
  changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return changed;
};
