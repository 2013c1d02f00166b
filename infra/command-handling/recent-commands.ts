/** Where a command left its mark: its last event. `position` is that event's commit position, where it is known. */
export type Mark = Readonly<{ revision: number; position: bigint | null; requestHash: string | undefined }>;

/** The latest commands that changed a stream, by their ids. Marks are facts of the stream: they are only ever added. */
export type RecentCommands = Readonly<{
  find: (commandId: string) => Mark | undefined;
  add: (commandId: string, mark: Mark) => void;
  /** Oldest first. */
  entries: () => readonly (readonly [commandId: string, mark: Mark])[];
}>;

/** How many commands of a stream are remembered: one that is repeated later than so many others is decided afresh. */
export const mostRemembered = 300;

export const createRecentCommands = (
  known: readonly (readonly [commandId: string, mark: Mark])[] = [],
): RecentCommands => {
  const marks = new Map(known);
  return {
    find: (commandId) => marks.get(commandId),
    add: (commandId, mark) => {
      const before = marks.get(commandId);
      if (before && before.revision >= mark.revision) return;
      marks.set(commandId, mark);
      const oldest = marks.keys().next();
      if (marks.size > mostRemembered && oldest.done !== true) marks.delete(oldest.value);
    },
    entries: () => [...marks],
  };
};
