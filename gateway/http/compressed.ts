import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Request } from 'express';
import { LRUCache } from 'lru-cache';
import type { Encoded } from './route.js';

/** Shorter ones fit into a packet or two as they are. */
const worthwhile = 1_024;

/** With gzip (RFC 1952). */
export const shorten: (text: string) => Promise<Buffer> = promisify(gzip);

/** What everybody may see is shortened once; what is for one person is not kept. In bytes. */
const keptShort = new LRUCache<string, Buffer>({
  maxSize: 16 * 1024 * 1024,
  sizeCalculation: (short, text) => short.length + 2 * text.length,
});

const shortOf = async (text: string, isPublic: boolean): Promise<Buffer> => {
  const kept = isPublic ? keptShort.get(text) : undefined;
  if (kept) return kept;
  const short = await shorten(text);
  if (isPublic) keptShort.set(text, short);
  return short;
};

/** Whether an answer of such a body has other bytes for who takes gzip: its 304 says so as well (RFC 9110, 15.4.5). */
export const isWorthShortening = (body: Encoded['body']): body is string =>
  typeof body === 'string' && body.length >= worthwhile;

/**
 * An answer to a read as its caller takes it: shortened where it is long and the caller knows gzip. Tokens are answered to
 * POST only, so that nobody can guess at them by the length of what is shortened (BREACH, https://breachattack.com).
 */
export const compressed = async (request: Request, answer: Encoded): Promise<Encoded> => {
  const { body, headers, gzipped } = answer;
  if (!isWorthShortening(body)) return answer;
  const varying = { ...headers, Vary: 'Accept-Encoding' };
  if (request.acceptsEncodings('gzip') === false) return { ...answer, headers: varying };
  const { ETag: etag } = headers;
  return {
    ...answer,
    headers: {
      ...varying,
      'Content-Encoding': 'gzip',
      // The bytes are no longer those that the tag stands for (RFC 9110, 8.8.3.3).
      ...(etag === undefined || etag.startsWith('W/') ? {} : { ETag: `W/${etag}` }),
    },
    body: gzipped ?? (await shortOf(body, headers['Cache-Control']?.startsWith('public') === true)),
  };
};
