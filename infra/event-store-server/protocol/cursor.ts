import { accepts, type Filter } from '../rules/filter.js';
import { pageLength, type Direction, type Reads, type StoredEvent } from '../log/reads.js';
import type { Window } from '../log/scan.js';

/** What a cursor came by: an event, or a position whose event the filter does not let through. */
export type Passed = Readonly<{ position: number; event: StoredEvent | undefined }>;

/** `isLast`: there was no more at the time. */
export type Page = Readonly<{ passed: readonly Passed[]; isLast: boolean }>;

/** Reads on, page by page, from where it stopped; `limit` bounds the events of the page. */
export type Cursor = (limit?: number) => Page;

/** `source` undefined is $all. `from` is a revision of a stream, or a position of $all (exclusive when backwards). */
export type Place = Readonly<{
  source: string | undefined;
  direction: Direction;
  from: number;
  filter: Filter | undefined;
}>;

export const openCursor = (reads: Reads, place: Place): Cursor => {
  if (place.source !== undefined) return openStreamCursor(reads, place.source, place);
  if (place.filter && place.direction === 'forwards') return openScanningCursor(reads, place.filter, place.from);
  return openAllCursor(reads, place);
};

const openStreamCursor = (reads: Reads, source: string, { direction, from }: Place): Cursor => {
  let next = from;
  return (limit = pageLength) => {
    const events = reads.stream(source, direction, next, limit);
    const last = events.at(-1);
    if (last) next = direction === 'forwards' ? last.revision + 1 : last.revision - 1;
    return pageOf(events, limit);
  };
};

const openAllCursor = (reads: Reads, { direction, from, filter }: Place): Cursor => {
  let next = from;
  return (limit = pageLength) => {
    const events = reads.all(direction, next, filter ? pageLength : limit);
    const last = events.at(-1);
    if (last) next = direction === 'forwards' ? last.position + 1 : last.position;
    return pageOf(events, filter ? pageLength : limit, filter);
  };
};

const pageOf = (events: readonly StoredEvent[], limit: number, filter?: Filter): Page => ({
  passed: events.map((event) => ({ position: event.position, event: filtered(event, filter) })),
  isLast: events.length < Math.min(limit, pageLength),
});

const filtered = (event: StoredEvent, filter: Filter | undefined) =>
  !filter || accepts(filter, event[filter.on]) ? event : undefined;

/** Reads only what the filter lets through; near the head everything, since all who wait there share that page. */
const openScanningCursor = (reads: Reads, filter: Filter, from: number): Cursor => {
  let next = from;
  let window: Window = { considered: [], matched: [] };

  const nextPage = (): Page => {
    if (window.considered.length > 0) return nextOfWindow();
    if (reads.head() - next < pageLength) return pageOf(reads.all('forwards', next), pageLength, filter);
    window = reads.scan({ on: filter.on, accepts: (name) => accepts(filter, name), from: next });
    if (window.considered.length > 0) return nextOfWindow();
    next = reads.head() + 1;
    return { passed: [], isLast: true };
  };

  /** Never the last: the head may have moved since the window was made. */
  const nextOfWindow = (): Page => {
    const { page, rest } = split(window);
    window = rest;
    return { passed: passedOf(page, reads.at(page.matched), filter), isLast: false };
  };

  return () => {
    const page = nextPage();
    next = (page.passed.at(-1)?.position ?? next - 1) + 1;
    return page;
  };
};

/** As much of a window as holds a page of matches. */
const split = ({ considered, matched }: Window): Readonly<{ page: Window; rest: Window }> => {
  const last = matched[pageLength - 1];
  const end = last === undefined ? considered.length : considered.indexOf(last) + 1;
  return {
    page: { considered: considered.slice(0, end), matched: matched.slice(0, pageLength) },
    rest: { considered: considered.slice(end), matched: matched.slice(pageLength) },
  };
};

const passedOf = ({ considered }: Window, events: readonly StoredEvent[], filter: Filter): readonly Passed[] => {
  let next = 0;
  return considered.map((position) => {
    const event = events[next]?.position === position ? events[next] : undefined;
    if (event) next += 1;
    return { position, event: event && filtered(event, filter) };
  });
};
