import { isDomainError } from '../../../domains/shared/errors.js';
import { within } from '../../../infra/process/within.js';
import type { timelineSources } from './answers.js';

export type Source = (typeof timelineSources)[number];

/** What was found, and the sources of which something is missing. */
export type Found<Item> = Readonly<{ items: readonly Item[]; missing: readonly Source[] }>;

/** Nobody waits longer for what can be left out. */
const longestMs = 3_000;

/**
 * What a source gives, or nothing where it refuses or does not answer soon: whoever asks goes on without it. What it is
 * asked with aborts then.
 */
export const ifThere = async <Item>(
  source: Source,
  ask: (over: AbortSignal) => Promise<Found<Item>>,
  longest = longestMs,
): Promise<Found<Item>> => {
  const away = { items: [], missing: [source] };
  const over = new AbortController();
  try {
    return await within(longest, ask(over.signal), away);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return away;
  } finally {
    over.abort();
  }
};

/** The first of many; some are missing where there are more. */
export const atMost = <Item>(most: number, items: readonly Item[], source: Source): Found<Item> => ({
  items: items.slice(0, most),
  missing: items.length > most ? [source] : [],
});
