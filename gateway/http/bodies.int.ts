import { type FieldError } from '../../domains/shared/errors.js';
import { expectProblem, order, type Sent, useGateway } from './testing/client.js';

const { connection, place } = useGateway();

const withQuantity = (quantity: number) => ({ ...order, items: [{ productId: 'mug', quantity }] });

describe('a body', () => {
  it.each<[string, Sent, number, string]>([
    ['missing fields', { body: {} }, 400, 'request.invalid'],
    ['wrong types', { body: { ...order, items: 'mug' } }, 400, 'request.invalid'],
    ['quantity 0', { body: withQuantity(0) }, 400, 'request.invalid'],
    ['quantity -1', { body: withQuantity(-1) }, 400, 'request.invalid'],
    ['quantity 1.5', { body: withQuantity(1.5) }, 400, 'request.invalid'],
    ['quantity 10^12', { body: withQuantity(1e12) }, 400, 'request.invalid'],
    ['an unknown field', { body: { ...order, total: 1 } }, 400, 'request.invalid'],
    ['another thing than an object', { body: [order] }, 400, 'request.invalid'],
    [
      'an unknown product',
      { body: { ...order, items: [{ productId: 'cup', quantity: 1 }] } },
      422,
      'order.unknown_product',
    ],
    ['broken JSON', { raw: '{"items": [' }, 400, 'request.malformed_json'],
    ['nothing in it', { raw: '' }, 400, 'request.malformed_json'],
    ['bytes that are not UTF-8', { raw: new Uint8Array([0x22, 0xff, 0x22]) }, 400, 'request.malformed_json'],
    ['more than 128 KiB', { raw: `"${'x'.repeat(128 * 1024 - 1)}"` }, 413, 'request.too_large'],
    ['exactly 128 KiB', { raw: `"${'x'.repeat(128 * 1024 - 2)}"` }, 400, 'request.invalid'],
    [
      'another content type',
      { raw: 'items=1', headers: { 'content-type': 'text/plain' } },
      415,
      'request.unsupported_media_type',
    ],
    [
      'another character set',
      { body: order, headers: { 'content-type': 'application/json; charset=latin1' } },
      415,
      'request.unsupported_media_type',
    ],
    ['compression', { body: order, headers: { 'content-encoding': 'gzip' } }, 415, 'request.unsupported_media_type'],
  ])('with %s is refused', async (_what, sent, status, code) => {
    expectProblem(await place({ headers: { 'content-type': 'application/json' }, ...sent }), status, code);
  });

  it('that is too large is refused also where its length was not said', async () => {
    const answer = await rawRequest([
      'POST /api/v1/orders HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ada:customer\r\n',
      'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
      `${(2 ** 21).toString(16)}\r\n${'x'.repeat(2 ** 21)}\r\n0\r\n\r\n`,
    ]);
    expect(answer).toContain('HTTP/1.1 413 ');
    expect(answer).toContain('request.too_large');
  });

  it('is answered with all its wrong fields at once', async () => {
    const { body } = await place({ body: { ...withQuantity(0), paymentMethod: 1, extra: true } });
    const pointers = (body['errors'] as FieldError[]).map(({ pointer }) => pointer);
    expect(pointers).toEqual(expect.arrayContaining(['/items/0/quantity', '/paymentMethod', '/extra']));
  });

  it('is not quoted back', async () => {
    const { body } = await place({ raw: '{"password": secret}' });
    expect(JSON.stringify(body)).not.toContain('secret');
  });
});

/** What comes back for bytes that no client would send. */
const rawRequest = (parts: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connection();
    let answer = '';
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      answer += text;
    });
    socket.once('error', reject);
    socket.once('close', () => resolve(answer));
    for (const part of parts) socket.write(part);
  });
