import { LRUCache } from 'lru-cache';
import { giveBack, take, type Bucket, type BucketRules, type Told } from './token-bucket.js';

/** Token buckets by their names. Those of one name always have the same rules. */
export type Buckets = Readonly<{
  take: (name: string, rules: BucketRules) => Promise<Told> | Told;
  giveBack: (name: string, rules: BucketRules) => unknown;
}>;

/** Buckets that never keep anybody waiting. */
export type MemoryBuckets = Readonly<{
  take: (name: string, rules: BucketRules) => Told;
  giveBack: (name: string, rules: BucketRules) => void;
}>;

/** The most that are remembered: of more, those that were used longest ago are full again. */
const mostBuckets = 100_000;

/** @param clock in milliseconds. */
export const createMemoryBuckets = (clock: () => number = () => performance.now()): MemoryBuckets => {
  const buckets = new LRUCache<string, Bucket>({ max: mostBuckets });
  return {
    take: (name, rules) => {
      const taken = take(rules, buckets.get(name), clock());
      buckets.set(name, taken.bucket);
      return taken;
    },
    giveBack: (name, rules) => {
      buckets.set(name, giveBack(rules, buckets.get(name), clock()));
    },
  };
};
