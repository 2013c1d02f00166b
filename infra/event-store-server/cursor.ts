import type { Direction, Reads, StoredEvent } from './log/reads.js';

/** Reads on, page by page, from where it stopped. */
export type Cursor = (limit?: number) => readonly StoredEvent[];

/** Begins at `from`: a revision when `source` is a stream, else a position of $all (exclusive when backwards). */
export const openCursor = (reads: Reads, source: string | undefined, direction: Direction, from: number): Cursor => {
  let next = from;
  if (source === undefined)
    return (limit) => {
      const page = reads.all(direction, next, limit);
      const last = page.at(-1);
      if (last) next = direction === 'forwards' ? last.position + 1 : last.position;
      return page;
    };
  return (limit) => {
    const page = reads.stream(source, direction, next, limit);
    const last = page.at(-1);
    if (last) next = direction === 'forwards' ? last.revision + 1 : last.revision - 1;
    return page;
  };
};
