import { setImmediate as nextTurn } from 'node:timers/promises';
import type { GroupCommit } from './group-commit.js';
import type { Removal } from './removal.js';

/** Streams that were looked at, of how many, and the events that were removed from them. */
export type ScavengeProgress = Readonly<{ streams: number; of: number; removed: number }>;

/** What a scavenge needs of the log. */
export type Scavenged = Readonly<{
  commit: GroupCommit['commit'];
  removal: Removal;
  /** Empties the write-ahead log, which still has what was removed. */
  emptyLog: () => void;
}>;

/**
 * Removes the events that readers of streams can no longer reach, since their stream was deleted or truncated, and makes
 * the file smaller. Appends and reads go on meanwhile. The last event of a stream stays, as in EventStoreDB.
 */
export const scavenge = async (
  { commit, removal, emptyLog }: Scavenged,
  now: number,
  onProgress: (progress: ScavengeProgress) => void,
): Promise<ScavengeProgress> => {
  const of = removal.lastStream();
  let [stream, removed] = [0, 0];
  for (let isComplete = false; !isComplete;) {
    const after = stream;
    const some = await commit(() => removal.removeSome(after, now));
    ({ stream, isComplete } = some);
    removed += some.events;
    onProgress({ streams: Math.min(stream, of), of, removed });
    await nextTurn();
  }
  while (await commit(removal.shrinkSome)) await nextTurn();
  emptyLog();
  return { streams: of, of, removed };
};
