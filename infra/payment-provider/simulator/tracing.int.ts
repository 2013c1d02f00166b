import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { startProvider, type StartedProvider } from './testing/start-provider.js';

const order = { key: 'k1', orderId: 'o1', amount: { amount: 5, currency: 'EUR' } };

let provider: StartedProvider;
let serverSpan: Promise<ReadableSpan>;
let onServerSpan: (span: ReadableSpan) => void;

// Once: a tracer stays with the first SDK that it meets.
beforeAll(() => {
  const processor: SpanProcessor = {
    onStart: () => undefined,
    onEnd: (span) => {
      if (span.kind === SpanKind.SERVER) onServerSpan(span);
    },
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
  new NodeTracerProvider({ spanProcessors: [processor] }).register({ propagator: null });
});

beforeEach(async () => {
  serverSpan = new Promise((resolve) => (onServerSpan = resolve));
  provider = await startProvider();
});

afterEach(() => provider.stop());

it('continues the trace of its caller', async () => {
  const caller = await trace.getTracer('evermart').startActiveSpan('caller', async (span) => {
    await provider.client.authorise({ ...order, method: 'pm_ok' });
    span.end();
    return span.spanContext();
  });
  const span = await serverSpan;
  const { name, parentSpanContext, attributes, status } = span;
  expect(name).toBe('provider /authorisations');
  expect(span.spanContext().traceId).toBe(caller.traceId);
  expect(parentSpanContext?.spanId).toBe(caller.spanId);
  expect(attributes).toEqual({
    'http.request.method': 'POST',
    'http.route': '/authorisations',
    'http.response.status_code': 201,
  });
  expect(status.code).toBe(SpanStatusCode.UNSET);
});

it.each([
  ['failed', 'pm_flaky'],
  ['that got no answer', 'pm_timeout'],
])('marks a request %s', async (_what, method) => {
  await expect(provider.client.authorise({ ...order, method })).rejects.toThrow('The payment provider');
  expect((await serverSpan).status.code).toBe(SpanStatusCode.ERROR);
});

it('names a span by the route, not by the reference', async () => {
  await provider.client.voidAuthorisation({ key: 'k1', reference: 'auth_unknown' });
  const { name, status } = await serverSpan;
  expect(name).toBe('provider /authorisations/:reference/voids');
  expect(status.code).toBe(SpanStatusCode.UNSET);
});
