import { connect } from 'node:net';
import { wrongWith } from './conformance.js';
import { startTestGateway, type TestGateway } from './gateway.js';

export type Sent = Readonly<{
  as?: string;
  body?: unknown;
  raw?: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
}>;
export type Received = Readonly<{ status: number; headers: Headers; body: Record<string, unknown> }>;

export const aNumber: unknown = expect.any(Number);
export const aString: unknown = expect.any(String);

/** What an order, a product and a person are sent as. */
export const shippingAddress = { name: 'Ada', street: 'Main 1', city: 'Ulm', postalCode: '89073', country: 'DE' };
export const order = { items: [{ productId: 'mug', quantity: 2 }], paymentMethod: 'pm_ok', shippingAddress };
export const product = { sku: 'MUG-1', name: 'Mug', price: { amount: 450, currency: 'EUR' } };
export const person = { email: 'ada@example.com', name: 'Ada', password: 'correct horse' };

/**
 * A fresh gateway for each test, and calls to it. Every answer has its headers, and whatever a test did, the server
 * answers afterwards.
 */
export const useGateway = () => {
  let running: TestGateway;
  beforeEach(async () => {
    running = await startTestGateway();
  });
  afterEach(async () => {
    try {
      expect((await callAt(running.url, 'GET', '/health/live')).status).toBe(204);
    } finally {
      await running.close();
    }
  });

  const call = (method: string, path: string, sent: Sent = {}) => callAt(`${running.url}/api/v1`, method, path, sent);
  return {
    gateway: () => running,
    call,
    place: (sent: Sent) => call('POST', '/orders', { as: 'ada:customer', ...sent }),
    connection: () => connect(Number(new URL(running.url).port), '127.0.0.1'),
  };
};

export const expectProblem = ({ status, headers, body }: Received, expected: number, code: string) => {
  expect({ status, code: body['code'] }).toEqual({ status: expected, code });
  expect(headers.get('content-type')).toBe('application/problem+json');
  const type = `urn:evermart:problem:${code}`;
  expect(body).toMatchObject({ type, status: expected, title: aString, detail: aString });
  expect(body['traceId']).toBe(headers.get('traceparent')?.slice(3, 35));
};

/** Every answer is one that the API's description knows. */
const expectConformance = ({ url, status, headers }: Response, method: string, text: string) => {
  const { origin, pathname: path } = new URL(url);
  const body: unknown = text === '' ? undefined : JSON.parse(text);
  expect(wrongWith(origin, { method, path, status, type: headers.get('content-type'), body })).toEqual([]);
};

export const callAt = async (
  base: string,
  method: string,
  path: string,
  { as, body, raw, headers = {} }: Sent = {},
): Promise<Received> => {
  const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(`${base}${path}`, {
    method,
    headers: {
      ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      ...(as === undefined ? {} : { authorization: `Bearer ${as}` }),
      ...headers,
    },
    ...(payload === undefined ? {} : { body: payload }),
  });
  const text = await response.text();
  expectConformance(response, method, text);
  expect(response.headers.get('x-request-id')).toMatch(/^[\w.:-]+$/);
  expect(response.headers.get('traceparent')).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-0[01]$/);
  expect(response.headers.get('x-powered-by')).toBeNull();
  const parsed = text === '' ? {} : (JSON.parse(text) as Received['body']);
  return { status: response.status, headers: response.headers, body: parsed };
};
