import { partitionCount } from '../shared/view.js';

/** The partition that a key belongs to, for ever: FNV-1a (draft-eastlake-fnv) over UTF-16 code units, modulo their number. */
export const partitionOf = (key: string): number => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  return (hash >>> 0) % partitionCount;
};
