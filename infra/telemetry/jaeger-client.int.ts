import { createRequire } from 'node:module';
import { createServer, request, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { inSpan, traceparentFrom } from './tracing.js';

/** Of the archived `jaeger-client`, which has no types, what a legacy caller uses. */
type LegacySpan = { context(): { traceIdStr: string; spanIdStr: string; isSampled(): boolean }; finish(): void };
type LegacyTracer = {
  startSpan(name: string): LegacySpan;
  inject(context: unknown, format: string, carrier: Record<string, string>): void;
  close(): void;
};
type LegacyOptions = { traceId128bit: boolean };

const require = createRequire(import.meta.url);
const jaeger = require('jaeger-client') as {
  ConstSampler: new (sampled: boolean) => unknown;
  InMemoryReporter: new () => unknown;
  Tracer: new (service: string, reporter: unknown, sampler: unknown, options: LegacyOptions) => LegacyTracer;
};

const finished = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(finished)] });
const server = createServer((asked, answer) => {
  const parent = traceparentFrom(asked.headers);
  void inSpan('GET /', { kind: 'server', ...(parent && { parent }) }, async () => {
    answer.end();
    await once(answer, 'finish');
  });
});

beforeAll(async () => {
  provider.register({ propagator: null });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
beforeEach(() => finished.reset());
afterAll(async () => {
  server.close();
  await provider.shutdown();
});

it.each([
  ['64-bit', { traceId128bit: false }],
  ['128-bit', { traceId128bit: true }],
])('continues a %s trace of a caller that uses jaeger-client', async (_size, options) => {
  const { caller, headers } = await callAs(legacyTracer(true, options));
  expect(Object.keys(headers)).toEqual(['uber-trace-id']);
  const traceId = caller.traceIdStr.padStart(32, '0');
  const spanId = caller.spanIdStr.padStart(16, '0');
  const [span, ...others] = finished.getFinishedSpans();
  expect(span).toMatchObject({ name: 'GET /', parentSpanContext: { traceId, spanId } });
  expect(span?.spanContext().traceId).toBe(traceId);
  expect(others).toEqual([]);
});

it('keeps no span of a trace that its caller does not sample', async () => {
  await callAs(legacyTracer(false, { traceId128bit: true }));
  expect(finished.getFinishedSpans()).toEqual([]);
});

const legacyTracer = (sampled: boolean, options: LegacyOptions) =>
  new jaeger.Tracer('legacy-shop', new jaeger.InMemoryReporter(), new jaeger.ConstSampler(sampled), options);

/** One HTTP request made the way of opentracing's callers; it is over when the server has ended its own span. */
const callAs = async (tracer: LegacyTracer) => {
  const span = tracer.startSpan('checkout');
  const headers: Record<string, string> = {};
  tracer.inject(span.context(), 'http_headers', headers);
  await get(headers);
  span.finish();
  tracer.close();
  return { caller: span.context(), headers };
};

const get = async (headers: IncomingHttpHeaders) => {
  const { port } = server.address() as AddressInfo;
  const asked = request({ port, headers, agent: false }).end();
  const [answer] = (await once(asked, 'response')) as [NodeJS.ReadableStream];
  await once(answer.resume(), 'end');
};
