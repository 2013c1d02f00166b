import type { Asked } from '../api.js';
import type { StoredEvent, StreamPart } from './stream-api.js';

/** A part of a stream as it is shown: from early to late, with what is asked for the parts before and after it. */
export type ShownPart = Readonly<{ events: readonly StoredEvent[]; earlier: Asked | null; later: Asked | null }>;

/** @param direction in which the part was read. */
export const shownPart = (
  { items, nextCursor, previousCursor }: StreamPart,
  direction: string | undefined,
): ShownPart => {
  const isBackwards = direction === 'backwards';
  const [before, after] = isBackwards ? [nextCursor, previousCursor] : [previousCursor, nextCursor];
  return {
    events: [...items].sort((a, b) => a.revision - b.revision),
    earlier: before === null ? null : { from: before, direction: 'backwards' },
    later: after === null ? null : { from: after },
  };
};

/** The event that stands open: the one that was chosen, else the one that the address begins with, else the last. */
export const openEvent = (
  events: readonly StoredEvent[],
  chosen: number | null,
  from: string | undefined,
): StoredEvent | undefined =>
  events.find(({ revision }) => revision === chosen) ??
  events.find(({ revision }) => String(revision) === from) ??
  events.at(-1);

/** The order whose events, payment or shipment a stream holds. */
export const orderIdOf = (stream: string): string | null =>
  /^(?:order|payment|shipment)-(.+)$/.exec(stream)?.[1] ?? null;
