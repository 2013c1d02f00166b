import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Found } from '../../projections/shared/queries.js';
import { isWorthShortening } from './compressed.js';
import type { Answer, Encoded } from './route.js';

/** The answer to a read of one thing, with the tag of its state. */
export const foundAnswer = <Item>({ item, etag }: Found<Item>): Answer<Item> => ({
  status: 200,
  headers: { ETag: etag },
  body: item,
});

/**
 * An answer with the tag of its state, that of its bytes where it has none; 304 to whoever holds this state already
 * (RFC 9110, 13.1.2).
 */
export const tagged = (headers: IncomingHttpHeaders, answer: Encoded): Encoded => {
  if (answer.status !== 200 || answer.body === undefined) return answer;
  const etag = answer.headers['ETag'] ?? tagOf(answer.body);
  const held = heldTag(headers['if-none-match'], etag);
  if (held === undefined) return { ...answer, headers: { ...answer.headers, ETag: etag } };
  const { 'content-type': _, ...others } = answer.headers;
  const varying = isWorthShortening(answer.body) ? { Vary: 'Accept-Encoding' } : {};
  return { status: 304, headers: { ...others, ...varying, ETag: held }, body: undefined };
};

/** The strong tag of an answer's bytes. */
export const tagOf = (body: string | Buffer): string => `"${hash('sha256', body, 'base64url').slice(0, 22)}"`;

/**
 * The tag by which the caller knows the state; undefined where it does not. Tags are compared weakly: what was shortened
 * on its way is marked with `W/`, and is told by the same tag again (RFC 9111, 4.3.4).
 */
const heldTag = (held: string | undefined, etag: string): string | undefined => {
  if (held === undefined) return undefined;
  const tags = held.split(',').map((tag) => tag.trim());
  return tags.includes('*') ? etag : tags.find((tag) => tag === etag || tag === `W/${etag}`);
};
