/** Where a command left its mark: its last event. `position` is that event's commit position, where it is known. */
export type Mark = Readonly<{ revision: number; position: bigint | null; requestHash: string | undefined }>;

/** The latest commands that changed a stream, by their ids. */
export type RecentCommands = Readonly<{
  find: (commandId: string) => Mark | undefined;
  /** Adding a mark once more, or one that is too old to be remembered, changes nothing. */
  add: (commandId: string, mark: Mark) => void;
  /** Oldest first. */
  entries: () => readonly (readonly [commandId: string, mark: Mark])[];
  size: () => number;
}>;

/** How many commands of a stream are remembered: one that is repeated later than so many others is decided afresh. */
export const mostRemembered = 300;

/** Whoever knows an earlier part of the stream may share these: marks are facts, and only old ones are ever dropped. */
export const createRecentCommands = (
  known: readonly (readonly [commandId: string, mark: Mark])[] = [],
): RecentCommands => {
  const marks = new Map(known);
  let dropped = -1;
  const dropOldest = () => {
    const [oldest] = marks;
    if (!oldest) return;
    const [commandId, { revision }] = oldest;
    marks.delete(commandId);
    dropped = Math.max(dropped, revision);
  };
  return {
    find: (commandId) => marks.get(commandId),
    add: (commandId, mark) => {
      const before = marks.get(commandId);
      if (mark.revision <= (before?.revision ?? dropped)) return;
      marks.set(commandId, mark);
      if (marks.size > mostRemembered) dropOldest();
    },
    entries: () => [...marks],
    size: () => marks.size,
  };
};
