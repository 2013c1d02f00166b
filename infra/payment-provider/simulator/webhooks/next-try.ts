const firstWaitMs = 1_000;
const longestWaitMs = 60 * 60 * 1_000;
const longestAgeMs = 3 * 24 * 60 * 60 * 1_000;

/**
 * When a notice that has not been taken is posted again, in milliseconds since 1970: after a second, then each time
 * twice as long, an hour at most. Null where it has been tried for three days.
 */
export const nextTry = ({ createdAt, tries, now }: Readonly<{ createdAt: number; tries: number; now: number }>) => {
  const next = now + Math.min(firstWaitMs * 2 ** (tries - 1), longestWaitMs);
  return next - createdAt > longestAgeMs ? null : next;
};
