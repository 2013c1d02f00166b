import { request, type IncomingHttpHeaders } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { useGateway } from './testing/client.js';

const { call, gateway } = useGateway();

type Raw = Readonly<{ status: number; headers: IncomingHttpHeaders; bytes: Buffer }>;

/** As it comes over the wire: `fetch` lengthens what was shortened, and hides that it was. */
const raw = (method: string, path: string, headers: Readonly<Record<string, string>> = {}): Promise<Raw> =>
  new Promise((resolve, reject) => {
    request(`${gateway().url}${path}`, { method, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.once('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, bytes: Buffer.concat(chunks) }),
      );
    })
      .on('error', reject)
      .end();
  });

const long = '/openapi.json';
const short = '/api/v1/products';

describe('a read', () => {
  it.each(['/products', '/categories', '/orders', '/notifications', '/users/ada/orders'])(
    'of %s is told only once to whoever holds it',
    async (path) => {
      const as = 'ada:customer';
      const { headers, status } = await call('GET', path, { as });
      const etag = String(headers.get('etag'));
      expect([status, etag]).toEqual([200, expect.stringMatching(/^"[\w-]{22}"$/)]);
      const again = await call('GET', path, { as, headers: { 'if-none-match': etag } });
      expect([again.status, again.headers.get('etag'), again.body]).toEqual([304, etag, {}]);
      expect(again.headers.get('content-type')).toBeNull();
    },
  );

  it('of the description is told once in five minutes, shortened or not', async () => {
    for (const headers of [{}, { 'accept-encoding': 'gzip' }]) {
      const got = await raw('GET', long, headers);
      expect(got.headers).toMatchObject({
        'cache-control': 'public, max-age=300',
        ratelimit: expect.stringMatching(/^"reads"/) as string,
      });
      const again = await raw('GET', long, { ...headers, 'if-none-match': String(got.headers.etag) });
      expect([again.status, again.bytes.length]).toEqual([304, 0]);
    }
  });

  it('has another tag where it shows something else', async () => {
    const [one, two] = [await call('GET', '/categories?limit=1'), await call('GET', '/categories?limit=2')];
    expect(one.headers.get('etag')).not.toBe(two.headers.get('etag'));
  });

  it('is refused with a problem that has no tag', async () => {
    const { headers, status } = await call('GET', '/products/gone', { headers: { 'if-none-match': '*' } });
    expect([status, headers.get('etag')]).toEqual([404, null]);
  });
});

describe('HEAD', () => {
  it.each([
    [short, {}],
    [long, {}],
    [long, { 'accept-encoding': 'gzip' }],
  ])('of %s has the headers of GET and no body', async (path, headers) => {
    const [got, asked] = [await raw('GET', path, headers), await raw('HEAD', path, headers)];
    expect([asked.status, asked.bytes.length]).toEqual([200, 0]);
    for (const name of ['content-type', 'content-length', 'content-encoding', 'etag', 'vary'])
      expect([name, asked.headers[name]]).toEqual([name, got.headers[name]]);
    expect(Number(got.headers['content-length'])).toBe(got.bytes.length);
  });

  it('is answered 304 to whoever holds the state', async () => {
    expect((await raw('HEAD', '/api/v1/products/mug', { 'if-none-match': '"1-42"' })).status).toBe(304);
  });
});

describe('a long answer', () => {
  it('is shortened for whoever takes it', async () => {
    const whole = await raw('GET', long);
    const { headers, bytes } = await raw('GET', long, { 'accept-encoding': 'br;q=1, gzip;q=0.5' });
    expect(headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
    expect(gunzipSync(bytes)).toEqual(whole.bytes);
    expect(whole.headers).toMatchObject({ vary: 'Accept-Encoding' });
    expect(whole.headers['content-encoding']).toBeUndefined();
  });

  it.each(['identity', 'gzip;q=0', 'br'])('is whole for whoever takes %s', async (encoding) => {
    const { headers } = await raw('GET', long, { 'accept-encoding': encoding });
    expect([headers['content-encoding'], headers.vary]).toEqual([undefined, 'Accept-Encoding']);
  });
});

it('leaves a short answer as it is', async () => {
  const { headers } = await raw('GET', short, { 'accept-encoding': 'gzip' });
  expect([headers['content-encoding'], headers.vary]).toEqual([undefined, undefined]);
});

it('never shortens what is answered to POST: tokens are', async () => {
  const { headers } = await raw('POST', '/api/v1/auth/token', { 'accept-encoding': 'gzip' });
  expect([headers['content-encoding'], headers.vary]).toEqual([undefined, undefined]);
});
