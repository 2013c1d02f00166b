import type { Change } from './change-log.js';

/** Whoever hears of changes after `after`, of one key or of all. `deliver` takes them in order and never rejects. */
export type Subscriber<Told extends object> = Readonly<{
  after: bigint;
  key?: string | undefined;
  deliver: (changes: readonly Change<Told>[]) => Promise<void>;
}>;

/** Tells many what one reader reads. */
export type FanOut<Told extends object> = Readonly<{
  /** Up to where everything was told; undefined while nobody reads. */
  through: () => bigint | undefined;
  /** Somebody reads on from a position. */
  begin: (through: bigint) => void;
  /**
   * From now on the subscriber is told of every change after its `after`. False where the reader is past that already,
   * or nobody reads: it would miss something.
   */
  join: (subscriber: Subscriber<Told>) => boolean;
  /** Gives whether nobody is left; then nobody reads any more. */
  leave: (subscriber: Subscriber<Told>) => boolean;
  /** What was read on, in order: all changes up to `through`. */
  publish: (changes: readonly Change<Told>[], through: bigint) => void;
}>;

export const createFanOut = <Told extends object>(): FanOut<Told> => {
  const ofAll = new Set<Subscriber<Told>>();
  const byKey = new Map<string, Set<Subscriber<Told>>>();
  let reached: bigint | undefined;

  const groupOf = (key: string | undefined): Set<Subscriber<Told>> => {
    if (key === undefined) return ofAll;
    const group = byKey.get(key) ?? new Set();
    byKey.set(key, group);
    return group;
  };

  return {
    through: () => reached,
    begin: (through) => {
      reached = through;
    },
    join: (subscriber) => {
      if (reached === undefined || subscriber.after < reached) return false;
      groupOf(subscriber.key).add(subscriber);
      return true;
    },
    leave: (subscriber) => {
      const group = groupOf(subscriber.key);
      group.delete(subscriber);
      if (subscriber.key !== undefined && group.size === 0) byKey.delete(subscriber.key);
      const isEmpty = ofAll.size === 0 && byKey.size === 0;
      if (isEmpty) reached = undefined;
      return isEmpty;
    },
    publish: (changes, through) => {
      reached = through;
      for (const subscriber of ofAll) tell(subscriber, changes);
      for (const [key, changesOfKey] of groupsOf(changes))
        for (const subscriber of byKey.get(key) ?? []) tell(subscriber, changesOfKey);
    },
  };
};

const groupsOf = <Told extends object>(changes: readonly Change<Told>[]): ReadonlyMap<string, Change<Told>[]> => {
  const groups = new Map<string, Change<Told>[]>();
  for (const change of changes) {
    const group = groups.get(change.key);
    if (group) group.push(change);
    else groups.set(change.key, [change]);
  }
  return groups;
};

const tell = <Told extends object>({ after, deliver }: Subscriber<Told>, changes: readonly Change<Told>[]) => {
  const news = changes.filter(({ position }) => position > after);
  if (news.length > 0) void deliver(news);
};
