/** Lets so many do their work at a time; the others wait for their turn. */
export type Turns = <Result>(work: () => Promise<Result>) => Promise<Result>;

export const createTurns = (most: number): Turns => {
  const waiting: (() => void)[] = [];
  let free = most;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
};
