import type { Change, ChangePage } from '../change-feed/change-log.js';
import type { ChangeFeed } from '../change-feed/change-feed.js';

/** Tests only. Whoever listens to a feed, keeps what it is told, and can be waited for. */
export type Listener = Readonly<{
  told: readonly Change[];
  /** Resolves once this position, or a later one, was told. */
  heard: (position: bigint) => Promise<void>;
  leave: () => Promise<void>;
}>;

export const listenToFeed = (
  feed: ChangeFeed<object>,
  { after, key }: Readonly<{ after: bigint; key?: string }>,
  /** Called with each page. */
  onPage: (changes: ChangePage<object>['changes']) => void = () => undefined,
): Listener => {
  const told: Change[] = [];
  const leaving = new AbortController();
  let waiting: (() => void)[] = [];
  const deliver = (changes: readonly Change[]) => {
    if (leaving.signal.aborted) return Promise.resolve();
    told.push(...changes);
    onPage(changes);
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
    return Promise.resolve();
  };
  const followed = feed.follow({ after, key, deliver }, leaving.signal);
  return {
    told,
    heard: async (position) => {
      while ((told.at(-1)?.position ?? -1n) < position) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    leave: async () => {
      leaving.abort();
      await followed;
    },
  };
};
