/** Numbers that look random and are the same for the same seed. */
export type Random = Readonly<{
  /** A whole number from `from` up to `to`, both included. */
  between: (from: number, to: number) => number;
  oneOf: <Value>(values: readonly Value[]) => Value;
  bytes: (length: number) => Buffer;
}>;

/** Mulberry32, by Tommy Ettinger: good enough to vary tests by. */
export const randomFrom = (seed: number): Random => {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    between,
    oneOf: <Value>(values: readonly Value[]) => values[between(0, values.length - 1)] as Value,
    bytes: (length) => Buffer.from(Array.from({ length }, () => between(0, 255))),
  };
};
