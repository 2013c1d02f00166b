import { gunzipSync } from 'node:zlib';
import type { Request } from 'express';
import { compressed } from './compressed.js';

const takingGzip = { acceptsEncodings: () => 'gzip' } as unknown as Request;
const answer = (body: string, headers = {}) => ({ status: 200, headers, body });

it('is told by a weak tag, since its bytes are others', async () => {
  const { headers, body } = await compressed(takingGzip, answer('x'.repeat(1_024), { ETag: '"1-42"' }));
  expect(headers).toEqual({ ETag: 'W/"1-42"', Vary: 'Accept-Encoding', 'Content-Encoding': 'gzip' });
  expect(gunzipSync(body ?? '').toString()).toBe('x'.repeat(1_024));
});

it('is not worth while for what is short', async () => {
  const short = answer('x'.repeat(1_023));
  expect(await compressed(takingGzip, short)).toBe(short);
});
