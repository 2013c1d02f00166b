/**
 * Does something for each number from 1 to `count`, so many at a time. After a failure it begins nothing new.
 *
 * @throws what was thrown first, once all that was begun has ended.
 */
export const inParallel = async (
  count: number,
  atOnce: number,
  act: (number: number) => Promise<void>,
): Promise<void> => {
  const failures: unknown[] = [];
  let next = 1;
  const work = async () => {
    while (next <= count && failures.length === 0) {
      const number = next;
      next += 1;
      try {
        await act(number);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, work));
  if (failures.length > 0) throw failures[0];
};
