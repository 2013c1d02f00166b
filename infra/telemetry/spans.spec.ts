import { trace } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { currentTraceparent, injectTraceparent, inSpan, newTraceparent, traceIdOf } from './tracing.js';

const finished = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(finished)] });

beforeAll(() => provider.register({ propagator: null }));
beforeEach(() => finished.reset());
afterAll(() => provider.shutdown());

it('makes what runs inside a child of the active span', async () => {
  await inSpan('request', { kind: 'server' }, () => inSpan('command', {}, () => Promise.resolve()));
  const [command, request] = finished.getFinishedSpans();
  expect(request?.parentSpanContext).toBeUndefined();
  expect(command?.parentSpanContext).toEqual(request?.spanContext());
});

it('continues a parent from elsewhere rather than the active span', async () => {
  const parent = newTraceparent();
  const inner = await inSpan('active', {}, () =>
    inSpan('apply', { parent }, () => Promise.resolve(currentTraceparent())),
  );
  expect(traceIdOf(inner ?? '')).toBe(traceIdOf(parent));
});

it('begins a new trace for a parent that is malformed', async () => {
  await inSpan('apply', { parent: 'nonsense' }, () => Promise.resolve());
  expect(finished.getFinishedSpans()[0]?.parentSpanContext).toBeUndefined();
});

it('shows the active span to those who are called', async () => {
  const [headers, traceparent] = await inSpan('call', {}, () =>
    Promise.resolve([injectTraceparent({ accept: 'text/html' }), currentTraceparent()] as const),
  );
  expect(headers).toEqual({ accept: 'text/html', traceparent });
  expect(trace.getActiveSpan()).toBeUndefined();
});

it('keeps of an error its name and code, not its message', async () => {
  const error = Object.assign(new RangeError('ada@example.org is too long'), { code: 'command.invalid' });
  await expect(inSpan('command', {}, () => Promise.reject(error))).rejects.toBe(error);
  const [span] = finished.getFinishedSpans();
  expect(span?.attributes).toEqual({ 'error.type': 'RangeError', 'error.code': 'command.invalid' });
  expect(JSON.stringify([span?.status, span?.events])).not.toContain('ada@example.org');
});
