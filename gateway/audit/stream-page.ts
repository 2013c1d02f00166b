export type Direction = 'forwards' | 'backwards';

/** Which part of a stream is asked for. Without `from`, it begins at the stream's beginning, or backwards at its end. */
export type PageOfStream = Readonly<{ from?: number | undefined; limit: number; direction: Direction }>;

/** What to read for a page: beside its events those that tell whether there are any before and after it. */
export const readingFor = ({ from, limit, direction }: PageOfStream) => ({
  direction,
  from: direction === 'backwards' && from !== undefined ? from + 1 : from,
  most: limit + (direction === 'backwards' ? 2 : 1),
});

export type StreamPage<Item> = Readonly<{
  items: readonly Item[];
  nextCursor: string | null;
  previousCursor: string | null;
}>;

/**
 * The page of what `readingFor` gave. `nextCursor` is the revision from which the same direction goes on,
 * `previousCursor` that from which the other one goes back.
 */
export const pageOfStream = <Item extends Readonly<{ revision: number }>>(
  { from, limit, direction }: PageOfStream,
  read: readonly Item[],
): StreamPage<Item> => {
  const isForwards = direction === 'forwards';
  const isOfPage = ({ revision }: Item) => isForwards || from === undefined || revision <= from;
  const asked = read.filter(isOfPage);
  const items = asked.slice(0, limit);
  const before = isForwards ? (from ?? 0) - 1 : read.find((item) => !isOfPage(item))?.revision;
  return {
    items,
    nextCursor: asked[limit] === undefined ? null : String(asked[limit].revision),
    previousCursor: before === undefined || before < 0 ? null : String(before),
  };
};
