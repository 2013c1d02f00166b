import { gunzipSync } from 'node:zlib';
import type { Request } from 'express';
import { compressed } from './compressed.js';
import { tagged } from './conditional.js';

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

it('is shortened once where everybody may see it, and anew where it is for one person', async () => {
  const shortened = async (body: string, headers = {}) => (await compressed(takingGzip, answer(body, headers))).body;
  const everybody = { 'Cache-Control': 'public, no-cache' };
  const text = 'y'.repeat(2_000);
  expect(await shortened(text, everybody)).toBe(await shortened(text, everybody));
  expect(await shortened(text)).not.toBe(await shortened(text));
});

it('varies also where its caller has it already', () => {
  const held = { 'if-none-match': '"1-42"' };
  expect(tagged(held, answer('x'.repeat(1_024), { ETag: '"1-42"' })).headers).toEqual({
    ETag: '"1-42"',
    Vary: 'Accept-Encoding',
  });
  expect(tagged(held, answer('x', { ETag: '"1-42"' })).headers).toEqual({ ETag: '"1-42"' });
});
