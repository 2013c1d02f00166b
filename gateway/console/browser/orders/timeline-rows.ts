import { shownDuration } from '../format.js';
import type { TimelineEntry } from './order-api.js';
import type { Stretch } from './waterfall.js';

/** The kinds of a timeline and how many entries each has, in the order in which they first come. */
export const kindsOf = (entries: readonly TimelineEntry[]): readonly (readonly [string, number])[] => {
  const counts = new Map<string, number>();
  for (const { kind } of entries) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts];
};

/** A key of each entry, the same when the timeline is asked for again; entries that seem the same have others. */
export const keysOf = (entries: readonly TimelineEntry[]): readonly string[] => {
  const counts = new Map<string, number>();
  return entries.map(({ at, kind, name }) => {
    const shared = `${at} ${kind} ${name}`;
    const count = counts.get(shared) ?? 0;
    counts.set(shared, count + 1);
    return `${shared} ${count}`;
  });
};

/** When an entry began and ended; what has no duration is an instant. */
export const stretchOf = (entry: TimelineEntry): Stretch => {
  const startMs = Date.parse(entry.at);
  return { startMs, endMs: startMs + (durationOf(entry) ?? 0) };
};

/** Milliseconds, where an entry has a duration. */
export const durationOf = ({ detail: { durationMs } }: TimelineEntry): number | null =>
  typeof durationMs === 'number' && durationMs > 0 ? durationMs : null;

/** A bar in words. @param startMs when the timeline begins. */
export const barInWords = (entry: TimelineEntry, startMs: number): string => {
  const duration = durationOf(entry);
  const after = stretchOf(entry).startMs - startMs;
  const when = after === 0 ? 'at the beginning' : `${shownDuration(after)} after the beginning`;
  const lasts = duration === null ? '' : `, lasts ${shownDuration(duration)}`;
  return `${entry.name}, ${entry.kind}, ${when}${lasts}`;
};
