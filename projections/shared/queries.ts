import type { Consistency } from '../../infra/consistency/consistency-token.js';
import type { Build } from './view.js';

export { decodeCursor, encodeCursor, pageOf, type Page, type PageRequest } from './cursor.js';

/** How fresh an answer must be: the view must have applied these positions, or get there within the wait. */
export type Freshness = Readonly<{ after: Consistency; waitMs: number }>;

/** As fresh as the view happens to be. */
export const asItIs: Freshness = { after: new Map(), waitMs: 0 };

/** One thing as it is kept, with the tag of its state (RFC 9110, 8.8.3), which changes whenever it does. */
export type Found<Item> = Readonly<{ item: Item; etag: string }>;

/** What was found in the shape in which it is shown. */
export const foundAs = <Kept, Shown>(found: Found<Kept> | null, shown: (item: Kept) => Shown): Found<Shown> | null =>
  found && { item: shown(found.item), etag: found.etag };

/** The tag of a row: in which build of its view, and which event changed it last. */
export const rowTag = ({ version, number }: Build, position: bigint): string => `"${version}.${number}-${position}"`;
