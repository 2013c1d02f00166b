import { setTimeout as delay } from 'node:timers/promises';
import { DomainError } from '../../domains/shared/errors.js';
import type { Freshness } from './queries.js';
import type { Build, View } from './view.js';

/**
 * Gives what `look` gives once its watermark has reached every position that the caller must see, at once where nothing of
 * the view's categories is asked for. A view that nobody has begun to build is waited for in any case.
 *
 * @throws DomainError `view.behind` when it does not get there within the wait.
 */
export const awaitFreshness = async <Seen extends Readonly<{ watermark: bigint | null }>>(
  view: Pick<View, 'categories'>,
  freshness: Freshness,
  look: () => Promise<Seen>,
): Promise<Seen> => {
  const wanted = wantedOf(view, freshness);
  const deadline = performance.now() + freshness.waitMs;
  for (let pause = 5; ; pause = Math.min(2 * pause, 50)) {
    const left = deadline - performance.now();
    const seen = await look().catch((error: unknown) => {
      if (left <= 0 || !isBehind(error)) throw error;
      return null;
    });
    if (seen && (wanted === null || (seen.watermark !== null && seen.watermark >= wanted))) return seen;
    if (left <= 0) throw behind();
    await delay(Math.min(pause, left));
  }
};

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

const isBehind = (error: unknown) => error instanceof DomainError && error.code === 'view.behind';
