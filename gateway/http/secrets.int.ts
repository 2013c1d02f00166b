import { trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { DomainError } from '../../domains/shared/errors.js';
import { createLog } from '../../infra/logging/log.js';
import { order, person } from './testing/client.js';
import { startTestGateway, type TestGateway } from './testing/gateway.js';
import { keptLog } from './testing/kept-log.js';
import { rawRequest } from './testing/raw-request.js';

/** Stands in every place where somebody may send what is nobody else's business. */
const secret = 's3cret';

const spans = new InMemorySpanExporter();
let gateway: TestGateway;
/** The lines as they were written. */
let written: string;

beforeAll(() => {
  new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }).register();
});
beforeEach(async () => {
  written = '';
  spans.reset();
  const log = keptLog((to) => {
    const write = (line: string) => {
      written += line;
      to.write(line);
    };
    return createLog('gateway', { LOG_LEVEL: 'trace' }, { write });
  });
  gateway = await startTestGateway(undefined, { kept: log });
});
afterEach(() => gateway.close());
afterAll(() => trace.disable());

const everywhere = {
  authorization: `Bearer ada:customer`,
  cookie: `session=${secret}`,
  'user-agent': secret,
  referer: `https://shop.example/?token=${secret}`,
  origin: `https://${secret}.example`,
  'x-forwarded-for': secret,
  'x-request-id': `${secret} with a space`,
  traceparent: `00-${secret}`,
  tracestate: `vendor=${secret}`,
  baggage: `key=${secret}`,
  'idempotency-key': secret,
  'x-consistency-token': secret,
  prefer: `wait=${secret}`,
  'if-none-match': secret,
  'last-event-id': secret,
  'content-type': 'application/json',
};
const withSecret = JSON.stringify({
  ...order,
  shippingAddress: { ...order.shippingAddress, name: secret },
  paymentMethod: secret,
});

type Sent = Readonly<{ method?: string; path: string; headers?: Record<string, string>; body?: string }>;

const requests: readonly Sent[] = [
  { path: `/api/v1/orders/${secret}?token=${secret}` },
  { path: `/api/v1/products?q=${secret}`, headers: { prefer: 'wait=1', 'x-consistency-token': '' } },
  { path: `/api/v1/products?${secret}=1` },
  { path: `/${secret}` },
  { path: `/api/v1/products/%zz${secret}` },
  { method: 'DELETE', path: `/api/v1/inventory/${secret}` },
  { method: 'OPTIONS', path: `/api/v1/orders/${secret}` },
  { path: '/api/v1/orders', headers: { authorization: `Bearer ${secret}` } },
  { path: '/api/v1/orders', headers: { authorization: `Basic ${secret}` } },
  { method: 'POST', path: '/api/v1/orders', body: withSecret },
  { method: 'POST', path: '/api/v1/orders', body: `{"${secret}` },
  { method: 'POST', path: '/api/v1/orders', body: JSON.stringify({ [secret]: 1, items: secret }) },
  { method: 'POST', path: '/api/v1/orders', body: withSecret, headers: { 'content-type': `text/${secret}` } },
  {
    method: 'POST',
    path: '/api/v1/users',
    body: JSON.stringify({ ...person, name: secret, password: `${secret}123` }),
  },
  { method: 'POST', path: '/api/v1/users', body: JSON.stringify({ ...person, email: `${secret}@example.com` }) },
  { method: 'POST', path: '/api/v1/auth/token', body: JSON.stringify({ email: person.email, password: secret }) },
  { method: 'POST', path: '/api/v1/auth/refresh', body: JSON.stringify({ refreshToken: `refresh ${secret}` }) },
];

const send = async ({ method = 'GET', path, headers = {}, body }: Sent) => {
  const response = await fetch(`${gateway.url}${path}`, {
    method,
    headers: { ...everywhere, ...headers },
    ...(body === undefined ? {} : { body }),
  });
  await response.text();
  return response.status;
};

const wrapped = (message: string) => {
  const error = new DomainError('service.unavailable', message);
  error.cause = new Error(message);
  return error;
};

describe('what somebody sends', () => {
  it('is in no line of the log, and in no span', async () => {
    for (const request of requests) await send(request);
    for (const fault of [new Error(secret), wrapped(secret), secret, { message: secret, toString: () => secret }]) {
      gateway.refuse(fault);
      await send({ method: 'POST', path: '/api/v1/orders', body: withSecret });
    }
    const lines = await gateway.logged(requests.length + 4);
    expect(lines.filter(({ msg }) => msg === 'request')).toHaveLength(requests.length + 4);
    expect(written).not.toContain(secret);

    const finished = spans.getFinishedSpans();
    const told = finished.map(({ name, attributes, events, status, links }) => [
      name,
      attributes,
      events,
      status,
      links,
    ]);
    expect(finished.length).toBeGreaterThanOrEqual(requests.length);
    expect(JSON.stringify(told)).not.toContain(secret);
  });

  it('forges no line of the log', async () => {
    const forged = '{"level":60,"msg":"forged"}';
    const breaks = ['%0d%0a', '%0a', '%00', '%1b[2K', '%e2%80%a8', '%c2%85'];
    for (const each of breaks) await send({ path: `/api/v1/products/${each}${encodeURIComponent(forged)}` });
    for (const each of ['\x01', '\x1b[2K', '\x7f', '\x85', '\xff'])
      await rawRequest(gateway.url, Buffer.from(headOf(`X-Request-Id: a${each}${forged}`), 'latin1'));
    await rawRequest(gateway.url, headOf(`X-Request-Id: a\r\n${forged}`));
    await send({ path: '/api/v1/products/mug', headers: { 'x-request-id': 'the-last' } });

    const last = (lines: readonly object[]) =>
      lines.find((line) => 'requestId' in line && line.requestId === 'the-last');
    for (let count = 1; !last(await gateway.logged(count)); count += 1);
    const lines = written.split('\n').filter((line) => line !== '');
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ msg: 'request', service: 'gateway' });
    expect(written).not.toContain('forged');
    // eslint-disable-next-line no-control-regex -- just those are looked for
    expect(written).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028]/);
  });
});

const headOf = (header: string) => `GET /api/v1/products HTTP/1.1\r\nHost: x\r\n${header}\r\nConnection: close\r\n\r\n`;
