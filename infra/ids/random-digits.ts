import { randomBytes } from 'node:crypto';

/** A thousand ids or so: to ask for each of them would cost several times as much. */
const pooledBytes = 16_384;

let pool = '';
let taken = 0;

/** So many random hexadecimal digits, 1 to 32768. */
export const randomDigits = (count: number): string => {
  if (taken + count > pool.length) {
    pool = randomBytes(pooledBytes).toString('hex');
    taken = 0;
  }
  taken += count;
  return pool.slice(taken - count, taken);
};
