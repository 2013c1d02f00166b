import { trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { aNumber, order, useGateway } from './testing/client.js';

const { call, connection, gateway, place } = useGateway();

const spans = new InMemorySpanExporter();
const traceId = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${traceId}-b7ad6b7169203331-01`;

beforeAll(() => {
  new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }).register();
});
beforeEach(() => spans.reset());
afterAll(() => trace.disable());

describe('a trace', () => {
  it.each([
    ['traceparent', { traceparent }],
    ['uber-trace-id', { 'uber-trace-id': 'af7651916cd43dd8448eb211c80319c:b7ad6b7169203331:0:1' }],
  ])('is continued by %s, in a span named by the route', async (_what, headers) => {
    await call('GET', '/products/mug', { headers });
    const [span] = spans.getFinishedSpans();
    expect(span?.name).toBe('HTTP GET /api/v1/products/:id');
    expect(span?.parentSpanContext).toMatchObject({ traceId, spanId: 'b7ad6b7169203331' });
    expect(span?.attributes).toEqual({
      'http.request.method': 'GET',
      'http.route': '/api/v1/products/:id',
      'http.response.status_code': 200,
    });
  });

  it('goes on into the command, and back in the answer', async () => {
    const { headers } = await place({ body: order, headers: { traceparent } });
    expect(headers.get('traceparent')?.slice(3, 35)).toBe(traceId);
    expect(gateway().sent[0]?.traceparent).toBe(headers.get('traceparent'));
    expect(headers.get('traceparent')).not.toBe(traceparent);
  });

  it('is new where none was asked for', async () => {
    const [one, two] = [await call('GET', '/products'), await call('GET', '/products')];
    expect(one.headers.get('traceparent')).not.toBe(two.headers.get('traceparent'));
    expect(spans.getFinishedSpans().map(({ parentSpanContext }) => parentSpanContext)).toEqual([undefined, undefined]);
  });
});

describe('a line in the log', () => {
  it('names the route, the outcome and the trace, and nothing of the request', async () => {
    await call('GET', '/orders/o1?status=x', { as: 'eve:customer', headers: { 'x-request-id': 'r-1', traceparent } });
    expect(await gateway().logged(1)).toEqual([
      {
        level: 30,
        time: aNumber,
        msg: 'request',
        method: 'GET',
        pattern: '/api/v1/orders/:id',
        requestId: 'r-1',
        traceId,
        code: 'order.not_found',
        status: 404,
        durationMs: aNumber,
        aborted: false,
      },
    ]);
  });

  it('is an error only where the fault is ours', async () => {
    gateway().refuse(new Error('secret'));
    await place({ body: order });
    expect((await gateway().logged(1)).map(({ level, code, status }) => ({ level, code, status }))).toEqual([
      { level: 50, code: 'internal.error', status: 500 },
    ]);
  });
});

it('repeats a request id, unless it could do harm', async () => {
  expect((await call('GET', '/products', { headers: { 'x-request-id': 'r-1' } })).headers.get('x-request-id')).toBe(
    'r-1',
  );
  expect((await call('GET', '/products', { headers: { 'x-request-id': 'a b' } })).headers.get('x-request-id')).not.toBe(
    'a b',
  );
});

it('stands a caller who goes away in the middle', async () => {
  const socket = connection();
  const head = 'POST /api/v1/orders HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ada:customer\r\n';
  socket.write(`${head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{`, () => socket.destroy());
  expect(await gateway().logged(1)).toMatchObject([{ pattern: '/api/v1/orders', aborted: true }]);
});
