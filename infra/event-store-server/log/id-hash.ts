/**
 * A UUID as a safe integer of 52 bits. Some of its digits are the same in all ids of one time or of one machine: the
 * hash is made of those that differ in any version (RFC 9562).
 */
export const hashOf = (id: string): number => {
  const low = Number.parseInt(id.slice(0, 8), 16) ^ Number.parseInt(id.slice(28), 16);
  return Number.parseInt(id.slice(24, 29), 16) * 2 ** 32 + (low >>> 0);
};
