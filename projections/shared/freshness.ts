import { setTimeout as delay } from 'node:timers/promises';
import { DomainError } from '../../domains/shared/errors.js';
import type { Position } from '../../infra/event-store/stored-event.js';
import type { Freshness } from './queries.js';
import type { View } from './view.js';

/**
 * Resolves once the view's checkpoint has reached every position that the caller must see; at once where nothing of the
 * view's categories is asked for.
 *
 * @throws DomainError `view.behind` when it does not get there within the wait.
 */
export const awaitFreshness = async (
  { categories }: Pick<View, 'categories'>,
  { after, waitMs }: Freshness,
  checkpoint: () => Promise<Position | null>,
): Promise<void> => {
  const wanted = categories.map((category) => after.get(category) ?? -1n).reduce((a, b) => (a > b ? a : b), -1n);
  if (wanted < 0n) return;
  const deadline = performance.now() + waitMs;
  for (let pause = 5; ; pause = Math.min(2 * pause, 50)) {
    const reached = await checkpoint();
    if (reached !== null && reached.commit >= wanted) return;
    const left = deadline - performance.now();
    if (left <= 0)
      throw new DomainError('view.behind', 'The view has not come as far as the token says; try again soon');
    await delay(Math.min(pause, left));
  }
};
