import { DomainError } from '../../domains/shared/errors.js';

/** A part of a list: at most `limit` items after the one that `cursor` (from the page before) names. */
export type PageRequest = Readonly<{ limit: number; cursor?: string | undefined }>;
export type Page<Item> = Readonly<{ items: readonly Item[]; nextCursor: string | null }>;

type Part = string | number;

/** A cursor names the last item that was shown, by what the list is sorted by: new items do not shift the next page. */
export const encodeCursor = (parts: readonly Part[]): string =>
  Buffer.from(JSON.stringify(parts)).toString('base64url');

/**
 * The parts of a cursor, each of the kind that is expected.
 *
 * @throws DomainError `request.invalid_cursor` for anything else.
 */
export const decodeCursor = <const Kinds extends readonly ('string' | 'number')[]>(cursor: string, kinds: Kinds) => {
  const parts = parse(cursor);
  const fits = Array.isArray(parts) && parts.length === kinds.length;
  if (!fits || !kinds.every((kind, index) => isPart(parts[index], kind))) throw invalidCursor();
  return parts as unknown as { [Index in keyof Kinds]: Kinds[Index] extends 'string' ? string : number };
};

/** The page of `found`, of which one more than the page holds was asked for: to know whether it goes on. */
export const pageOf = <Item>(
  found: readonly Item[],
  { limit }: PageRequest,
  cursorOf: (item: Item) => readonly Part[],
): Page<Item> => {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: found.length > limit && last !== undefined ? encodeCursor(cursorOf(last)) : null };
};

export const invalidCursor = () =>
  new DomainError('request.invalid_cursor', 'Send nextCursor exactly as the page before gave it, with the same sort');

/** No item of a list has NUL in its text, and not every store takes it. */
const isPart = (value: unknown, kind: 'string' | 'number') =>
  typeof value === kind && !(typeof value === 'string' && value.includes('\0'));

const parse = (cursor: string): unknown => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw invalidCursor();
  }
};
