import type { NoticeStore, WaitingNotice } from './notice-store.js';
import type { nextTry } from './next-try.js';
import type { PostNotice } from './post-notice.js';

export type DeliveryParts = Readonly<{
  notices: NoticeStore;
  post: PostNotice;
  nextTry: typeof nextTry;
  /** Hears why a notice was not taken, and whether it is posted again. */
  onFailure: (error: unknown, notice: Readonly<{ noticeId: string; tries: number; isGivenUp: boolean }>) => void;
  /** Hears that the store itself failed. */
  onError: (error: unknown) => void;
}>;

const mostUnderWay = 8;
const waitAfterErrorMs = 60_000;

/**
 * Posts every notice until it is taken, at least once: one that was taken when the process died is posted again. It is
 * begun by whatever is there already. `stop` breaks off what is under way; it stays for the next start.
 */
export const deliverNotices = (parts: DeliveryParts): Readonly<{ stop: () => Promise<void> }> => {
  const { notices, onError } = parts;
  const underWay = new Map<string, Promise<void>>();
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  const look = () => {
    if (stopping.signal.aborted) return;
    const now = Date.now();
    const due = notices.due(now, 2 * mostUnderWay).filter(({ id }) => !underWay.has(id));
    due.slice(0, mostUnderWay - underWay.size).forEach(begin);
    sleepUntil(notices.nextDue(now));
  };

  const begin = (notice: WaitingNotice) => {
    const end = (next: () => void) => {
      underWay.delete(notice.id);
      next();
    };
    const delivery = deliver(notice, parts, stopping.signal).then(
      () => end(lookAgain),
      (error: unknown) => {
        onError(error);
        end(() => sleepUntil(Date.now() + waitAfterErrorMs));
      },
    );
    underWay.set(notice.id, delivery);
  };

  const sleepUntil = (next: number | null) => {
    clearTimeout(timer);
    if (next === null || stopping.signal.aborted) return;
    timer = setTimeout(lookAgain, Math.max(next - Date.now(), 0));
  };

  const lookAgain = () => {
    try {
      look();
    } catch (error) {
      onError(error);
      sleepUntil(Date.now() + waitAfterErrorMs);
    }
  };

  notices.onKept(lookAgain);
  lookAgain();
  return {
    stop: async () => {
      stopping.abort();
      clearTimeout(timer);
      await Promise.all(underWay.values());
    },
  };
};

const deliver = async (
  notice: WaitingNotice,
  { notices, post, nextTry, onFailure }: DeliveryParts,
  stop: AbortSignal,
) => {
  const { id, body, createdAt } = notice;
  const failure = await post(body, stop).then(
    () => null,
    (error: unknown) => ({ error }),
  );
  if (failure === null) {
    notices.drop(id);
    return;
  }
  if (stop.aborted) return;
  const tries = notice.tries + 1;
  const next = nextTry({ createdAt, tries, now: Date.now() });
  if (next === null) notices.giveUp(id);
  else notices.postpone(id, next);
  onFailure(failure.error, { noticeId: id, tries, isGivenUp: next === null });
};
