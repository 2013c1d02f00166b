import { createCrossOrigin } from './cross-origin.js';

const shop = 'https://shop.example';
const { headersFor, preflightFor } = createCrossOrigin([shop, 'http://127.0.0.1:3000']);

it('lets the pages of an origin that was named read answers', () => {
  const headers = headersFor({ origin: shop });
  expect(headers).toMatchObject({ 'Access-Control-Allow-Origin': shop, Vary: 'Accept-Encoding, Origin' });
  expect(headers['Access-Control-Expose-Headers']?.split(', ')).toEqual(
    expect.arrayContaining(['X-Consistency-Token', 'X-Request-Id', 'traceparent', 'Location', 'ETag', 'Retry-After']),
  );
  expect(headers).not.toHaveProperty('Access-Control-Allow-Credentials');
});

it('tells them what they may send', () => {
  const headers = preflightFor({ origin: shop }, 'GET, HEAD, OPTIONS');
  expect(headers).toMatchObject({
    'Access-Control-Allow-Methods': 'GET, HEAD, OPTIONS',
    'Access-Control-Max-Age': '7200',
  });
  expect(headers['Access-Control-Allow-Headers']?.split(', ')).toEqual(
    expect.arrayContaining(['Authorization', 'Content-Type', 'Idempotency-Key', 'X-Consistency-Token']),
  );
});

it.each([
  undefined,
  'null',
  '*',
  'https://shop.example.evil.example',
  'https://evil-shop.example',
  'https://sub.shop.example',
  'http://shop.example',
  'https://shop.example:8443',
  'https://SHOP.example',
  'https://shop.example, https://evil.example',
])('allows the origin %s nothing', (origin) => {
  const headers = origin === undefined ? {} : { origin };
  expect(headersFor(headers)).toEqual({ Vary: 'Accept-Encoding, Origin' });
  expect(preflightFor(headers, 'GET')).toEqual({});
});

it('says nothing where no origin was named', () => {
  const none = createCrossOrigin([]);
  expect(none.headersFor({ origin: shop })).toEqual({});
  expect(none.preflightFor({ origin: shop }, 'GET')).toEqual({});
});
