import { setTimeout as delay } from 'node:timers/promises';
import { DomainError, isDomainError } from '../../domains/shared/errors.js';
import type { Freshness } from './queries.js';
import type { Build, View } from './view.js';

/** What a look at a view tells: the position up to which it has applied everything. */
type Sight = Readonly<{ watermark: bigint | null }>;

/** So many reads wait for one view: each keeps its request open, and what is asked of other views must have room. */
const mostWaiting = 64;

/**
 * Gives what `look` gives once its watermark has reached every position that the caller must see, at once where nothing of
 * the view's categories is asked for. A view that nobody has begun to build is waited for in any case. Whoever waits looks
 * together with the others.
 *
 * The function that it gives throws DomainError `view.behind` when the view does not get there within the wait, or when
 * too many wait already.
 */
export const createFreshSight = <Seen extends Sight>(
  view: Pick<View, 'categories'>,
  look: () => Promise<Seen>,
): ((freshness: Freshness) => Promise<Seen>) => {
  const waiting = new Set<Waiting<Seen>>();
  let pause = 0;

  const tell = (seen: Seen | DomainError) => {
    for (const each of waiting) {
      const isOver = performance.now() >= each.deadline;
      if (!isFresh(seen, each.wanted) && !isOver) continue;
      waiting.delete(each);
      if (isFresh(seen, each.wanted)) each.resolve(seen);
      else each.reject(refusalOf(seen));
    }
  };

  const lookOn = async () => {
    while (waiting.size > 0) {
      pause = Math.min(Math.max(2 * pause, 5), 50);
      await delay(pause);
      try {
        tell(await look().catch(behindOnly));
      } catch (error) {
        waiting.forEach(({ reject }) => reject(error));
        waiting.clear();
      }
    }
  };

  return async (freshness) => {
    const wanted = wantedOf(view, freshness);
    const seen = await look().catch(behindOnly);
    if (isFresh(seen, wanted)) return seen;
    if (freshness.waitMs <= 0 || waiting.size >= mostWaiting) throw refusalOf(seen);
    // Whoever comes last may be the first to be answered.
    pause = 0;
    return new Promise<Seen>((resolve, reject) => {
      waiting.add({ wanted, deadline: performance.now() + freshness.waitMs, resolve, reject });
      if (waiting.size === 1) void lookOn();
    });
  };
};

type Waiting<Seen> = Readonly<{
  wanted: bigint | null;
  deadline: number;
  resolve: (seen: Seen) => void;
  reject: (error: unknown) => void;
}>;

const isFresh = <Seen extends Sight>(seen: Seen | DomainError, wanted: bigint | null): seen is Seen =>
  'watermark' in seen && (wanted === null || (seen.watermark !== null && seen.watermark >= wanted));

const refusalOf = (seen: Sight | DomainError): DomainError => ('watermark' in seen ? behind() : seen);

/**
 * Refuses a read of one key where an event that the caller must see may be among those that are parked.
 *
 * @throws DomainError `view.parked`.
 */
export const refuseParked = async (
  view: Pick<View, 'categories'>,
  freshness: Freshness,
  isParked: () => Promise<boolean>,
): Promise<void> => {
  if (wantedOf(view, freshness) === null || !(await isParked())) return;
  throw new DomainError(
    'view.parked',
    'An event of this could not be shown and waits to be mended; without a token the state before it is answered',
  );
};

/** @throws DomainError `view.behind` where rows of the build that serves are not in a shape that this code reads. */
export const refuseUnreadable = ({ version, serves = [] }: View, live: Build): void => {
  if (live.version === version || serves.includes(live.version)) return;
  throw new DomainError('view.behind', 'Another version of the view is being built; try again soon');
};

/** The refusal of a read of a view that nobody has begun to build. */
export const unbuilt = () => new DomainError('view.behind', 'The view has not been built yet');

const behind = () => new DomainError('view.behind', 'The view has not come as far as the token says; try again soon');

/** The furthest position that the view must have reached; `null` where the caller asks for none of its categories. */
const wantedOf = ({ categories }: Pick<View, 'categories'>, { after }: Freshness): bigint | null => {
  const positions = categories.flatMap((category) => after.get(category) ?? []);
  return positions.length === 0 ? null : positions.reduce((a, b) => (a > b ? a : b));
};

/** A view that is not there yet is one that is behind. */
const behindOnly = (error: unknown): DomainError => {
  if (isDomainError(error) && error.code === 'view.behind') return error;
  throw error;
};
