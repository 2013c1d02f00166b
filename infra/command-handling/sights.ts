/** The newest revision of a stream that was seen in `$all` since the sight began; -1 where none was. */
export type Sight = { newest: number };

/** What is seen in `$all` of streams that are being read or appended to at the time. */
export type Sights = Readonly<{
  begin: (streamId: string) => Sight;
  end: (streamId: string, sight: Sight) => void;
  saw: (streamId: string, revision: number) => void;
  /** Some of `$all` was passed by unseen: whatever is under way may be old. */
  missed: () => void;
}>;

/**
 * A read or an append that overlaps a look at `$all` may end with less than the look has shown already, and no later
 * look will show it again: whoever keeps its outcome compares it with what was seen meanwhile.
 */
export const createSights = (): Sights => {
  const underWay = new Map<string, Set<Sight>>();
  return {
    begin: (streamId) => {
      const sight: Sight = { newest: -1 };
      const those = underWay.get(streamId);
      if (those) those.add(sight);
      else underWay.set(streamId, new Set([sight]));
      return sight;
    },
    end: (streamId, sight) => {
      const those = underWay.get(streamId);
      those?.delete(sight);
      if (those?.size === 0) underWay.delete(streamId);
    },
    saw: (streamId, revision) => {
      for (const sight of underWay.get(streamId) ?? []) sight.newest = Math.max(sight.newest, revision);
    },
    missed: () => {
      for (const those of underWay.values()) for (const sight of those) sight.newest = Infinity;
    },
  };
};
