/** What a number of things took that were done side by side. */
export type Flight = Readonly<{ perSecond: number; milliseconds: readonly number[] }>;

/** Does something so many times, `most` at a time: each begins when another one has ended. */
export const inFlight = async (times: number, most: number, one: () => Promise<void>): Promise<Flight> => {
  const milliseconds: number[] = [];
  let left = times;
  const fly = async () => {
    for (; left > 0;) {
      left -= 1;
      const begun = performance.now();
      await one();
      milliseconds.push(performance.now() - begun);
    }
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: most }, fly));
  return { perSecond: times / ((performance.now() - begun) / 1_000), milliseconds };
};
