import { setTimeout as delay } from 'node:timers/promises';
import type { Position } from '../../infra/event-store/stored-event.js';
import { PoisonEvents, type LeftBehind } from './fold.js';
import type { KeyedEvent } from './keyed.js';
import type { Plan } from './plan.js';
import type { ViewStore } from './view-store.js';

/** An event that cannot be applied is tried so often, with a pause between, the last time included. */
const tries = 3;
const pauseMs = 50;

/**
 * Applies a plan; events that a handler throws on are tried a few times before they are left behind.
 *
 * @throws AbortError once `signal` is aborted between two tries; what `apply` of the store throws.
 */
export const applyPatiently = async (
  store: Pick<ViewStore, 'apply'>,
  plan: Plan,
  end: Position,
  signal: AbortSignal,
): Promise<readonly LeftBehind[]> => {
  const tried = new Map<string, number>();
  const isGivenUp = ({ stored }: KeyedEvent) => (tried.get(stored.id) ?? 0) + 1 >= tries;
  for (;;) {
    try {
      return await store.apply(plan, end, isGivenUp);
    } catch (error) {
      if (!(error instanceof PoisonEvents)) throw error;
      for (const { event } of error.events) tried.set(event.stored.id, (tried.get(event.stored.id) ?? 0) + 1);
      await delay(pauseMs, undefined, { signal });
    }
  }
};
