/**
 * Gives what `read` gave, or failed with, and reads again only so many milliseconds after it came: however often it is
 * asked for, there is one read at a time.
 *
 * @param now the clock, in milliseconds.
 */
export const keptFor = <Result>(
  keptMs: number,
  read: () => Promise<Result>,
  now: () => number,
): (() => Promise<Result>) => {
  let latest: Promise<Result> | undefined;
  let isKeptUntil = 0;
  const look = async () => {
    try {
      return await read();
    } finally {
      isKeptUntil = now() + keptMs;
    }
  };
  return () => {
    if (latest && now() < isKeptUntil) return latest;
    isKeptUntil = Infinity;
    return (latest = look());
  };
};
