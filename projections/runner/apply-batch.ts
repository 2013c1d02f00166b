import type { StoredEvent } from '../../infra/event-store/stored-event.js';
import { applyPatiently } from './apply-patiently.js';
import { keyEvents } from './keyed.js';
import { movedOn, planBatch, type HeldPartition } from './plan.js';
import type { ReadEvents } from './read-events.js';
import type { BuildDefinition } from './view-definition.js';

type Parts = Pick<BuildDefinition, 'view' | 'store'> & Readonly<{ read: ReadEvents; signal: AbortSignal }>;

/**
 * Applies a batch to a build that does not serve. Gives what is held after it. Throws as `applyPatiently` does.
 */
export const applyBatch = async (
  { view, store, read, signal }: Parts,
  held: readonly HeldPartition[],
  batch: readonly StoredEvent[],
): Promise<readonly HeldPartition[]> => {
  const end = batch.at(-1)?.position;
  if (!end) return held;
  const plan = planBatch(keyEvents(view, read(batch)), held, end);
  const leftBehind = await applyPatiently(store, plan, end, signal);
  const parked = [...plan.parked, ...leftBehind.map(({ event }) => event)];
  return held.map((each) => movedOn(each, end, parked));
};
