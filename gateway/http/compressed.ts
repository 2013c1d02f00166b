import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Request } from 'express';
import type { Encoded } from './route.js';

/** Shorter ones fit into a packet or two as they are. */
const worthwhile = 1_024;

/** With gzip (RFC 1952). */
export const shorten: (text: string) => Promise<Buffer> = promisify(gzip);

/**
 * An answer to a read as its caller takes it: shortened where it is long and the caller knows gzip. Tokens are answered to
 * POST only, so that nobody can guess at them by the length of what is shortened (BREACH, https://breachattack.com).
 */
export const compressed = async (request: Request, answer: Encoded): Promise<Encoded> => {
  const { body, headers, gzipped } = answer;
  if (typeof body !== 'string' || body.length < worthwhile) return answer;
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
    body: gzipped ?? (await shorten(body)),
  };
};
