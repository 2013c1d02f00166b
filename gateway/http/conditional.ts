import type { IncomingHttpHeaders } from 'node:http';
import type { Found } from '../../projections/shared/queries.js';
import type { Answer } from './route.js';

/** The answer to a read of one thing: 304 to whoever holds this state of it already (RFC 9110, 13.1.2). */
export const foundAnswer = <Item>(headers: IncomingHttpHeaders, { item, etag }: Found<Item>): Answer<Item> =>
  isHeld(headers['if-none-match'], etag)
    ? { status: 304, headers: { ETag: etag } }
    : { status: 200, headers: { ETag: etag }, body: item };

/** Tags are compared weakly: who shortens an answer on its way marks them with `W/`. */
const isHeld = (held: string | undefined, etag: string): boolean =>
  held !== undefined && held.split(',').some((tag) => ['*', etag, `W/${etag}`].includes(tag.trim()));
