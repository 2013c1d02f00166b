import { order, product } from './testing/client.js';
import { startTestGateway, type TestGateway } from './testing/gateway.js';

const shop = 'https://shop.example';
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(undefined, { corsOrigins: [shop] });
});
afterAll(() => gateway.close());

type Sent = Readonly<{ as?: string; origin?: string; body?: unknown; headers?: Record<string, string> }>;

const call = async (method: string, path: string, { as, origin, body, headers }: Sent = {}) => {
  const response = await fetch(`${gateway.url}${path}`, {
    method,
    headers: {
      ...(as === undefined ? {} : { authorization: `Bearer ${as}` }),
      ...(origin === undefined ? {} : { origin }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  await response.text();
  return response;
};
const headersOf = async (...given: Parameters<typeof call>) => Object.fromEntries((await call(...given)).headers);

describe('an answer', () => {
  it.each<[number, string, string, Sent]>([
    [200, 'GET', '/api/v1/products', {}],
    [204, 'GET', '/health/live', {}],
    [200, 'GET', '/openapi.json', {}],
    [200, 'GET', '/docs', {}],
    [201, 'POST', '/api/v1/orders', { as: 'ada:customer', body: order }],
    [400, 'POST', '/api/v1/orders', { as: 'ada:customer', body: {} }],
    [401, 'GET', '/api/v1/cart', {}],
    [403, 'POST', '/api/v1/products', { as: 'ada:customer', body: product }],
    [404, 'GET', '/nowhere', {}],
    [405, 'DELETE', '/api/v1/cart', {}],
    [204, 'OPTIONS', '/api/v1/cart', {}],
  ])(
    'has the headers that browsers need, and says nothing of the server: %i %s %s',
    async (status, method, path, sent) => {
      const response = await call(method, path, sent);
      expect(response.status).toBe(status);
      const headers = Object.fromEntries(response.headers);
      expect(headers).toMatchObject({
        'content-security-policy': expect.stringContaining("default-src 'none'") as unknown,
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'strict-transport-security': 'max-age=31536000',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      });
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      for (const name of ['server', 'x-powered-by', 'via', 'set-cookie']) expect(headers).not.toHaveProperty(name);
    },
  );

  it.each([
    ['what is somebody’s and has a tag', '/api/v1/orders/o1', 'private, no-cache'],
    ['how the process is', '/health/ready', 'no-store'],
    ['a refusal', '/nowhere', 'no-store'],
  ])('says how it may be kept: %s', async (_what, path, caching) => {
    expect(await headersOf('GET', path, { as: 'ada:customer' })).toMatchObject({ 'cache-control': caching });
  });

  it.each<[string, string, Sent]>([
    ['gives tokens', '/api/v1/auth/refresh', { body: { refreshToken: 'refresh ada' } }],
    ['says what was done', '/api/v1/orders', { as: 'ada:customer', body: order }],
  ])('that %s is kept by nobody', async (_what, path, sent) => {
    expect(await headersOf('POST', path, sent)).toMatchObject({ 'cache-control': 'no-store' });
  });
});

describe('a page of another origin', () => {
  it('may read answers where it was named', async () => {
    const headers = await headersOf('GET', '/api/v1/products', { origin: shop });
    expect(headers).toMatchObject({ 'access-control-allow-origin': shop, vary: 'Accept-Encoding, Origin' });
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
    expect(await headersOf('GET', '/nowhere', { origin: shop })).toMatchObject({ 'access-control-allow-origin': shop });
  });

  it('may not where it was not, and no answer is kept for another', async () => {
    const headers = await headersOf('GET', '/api/v1/products', { origin: 'https://evil.example' });
    expect(headers).toMatchObject({ vary: 'Accept-Encoding, Origin' });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('is told before it sends anything', async () => {
    const asks = { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'authorization' };
    const allowed = await headersOf('OPTIONS', '/api/v1/cart/items/mug', { origin: shop, headers: asks });
    expect(allowed).toMatchObject({
      allow: 'PUT, DELETE, OPTIONS',
      'access-control-allow-origin': shop,
      'access-control-allow-methods': 'PUT, DELETE, OPTIONS',
      'access-control-allow-headers': expect.stringContaining('Authorization') as unknown,
      'access-control-max-age': '7200',
    });
    const refused = await headersOf('OPTIONS', '/api/v1/cart/items/mug', { origin: 'null', headers: asks });
    expect(Object.keys(refused).filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });
});

it('refuses a body that is nested too deep', async () => {
  const response = await fetch(`${gateway.url}/api/v1/orders`, {
    method: 'POST',
    headers: { authorization: 'Bearer ada:customer', 'content-type': 'application/json' },
    body: '[{"a":'.repeat(20_000),
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ code: 'request.too_deep' });
});
