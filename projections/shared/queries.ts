import type { Consistency } from '../../infra/consistency/consistency-token.js';

/** How fresh an answer must be: the view must have applied these positions, or get there within the wait. */
export type Freshness = Readonly<{ after: Consistency; waitMs: number }>;

/** A part of a list: at most `limit` items after the one that `cursor` (from the page before) names. */
export type PageRequest = Readonly<{ limit: number; cursor?: string | undefined }>;
export type Page<Item> = Readonly<{ items: readonly Item[]; nextCursor: string | null }>;
