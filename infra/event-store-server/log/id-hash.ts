/** A UUID as a safe integer, by folding its four words: many ids of one time or one machine stay apart. */
export const hashOf = (id: string): number => {
  const hex = id.replaceAll('-', '');
  const [a, b, c, d] = [0, 8, 16, 24].map((at) => Number.parseInt(hex.slice(at, at + 8), 16)) as Words;
  return ((b ^ c) & 0x1fffff) * 2 ** 32 + ((a ^ d) >>> 0);
};

type Words = [number, number, number, number];
