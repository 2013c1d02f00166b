/** Tells those who wait for something of a name that it has come. */
export type TellByName = Readonly<{
  /** Gives what stops it. */
  on: (name: string, tell: () => void) => () => void;
  tell: (name: string) => void;
  /** The names that somebody waits for. */
  names: () => Iterable<string>;
}>;

export const createTellByName = (): TellByName => {
  const waiting = new Map<string, Set<() => void>>();
  return {
    on: (name, tell) => {
      const those = waiting.get(name) ?? new Set();
      // One function may wait several times.
      const own = () => tell();
      waiting.set(name, those.add(own));
      return () => {
        those.delete(own);
        if (those.size === 0 && waiting.get(name) === those) waiting.delete(name);
      };
    },
    tell: (name) => waiting.get(name)?.forEach((tell) => tell()),
    names: () => waiting.keys(),
  };
};
