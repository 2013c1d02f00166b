import {
  context,
  INVALID_SPAN_CONTEXT,
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type Span,
  type SpanContext,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { randomDigits } from '../ids/random-digits.js';

// Whether spans are made or not: the ids of a request are kept in the same context. On Node 20 every promise pays for
// each store that there is, so there is one.
context.setGlobalContextManager(new AsyncLocalStorageContextManager());

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  internal: SpanKind.INTERNAL,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

/**
 * How a span begins. Without `parent`, a W3C traceparent, it is a child of the active span, or a new trace. `within` is
 * the context of it and of all that is done in it; without, it is the active one.
 */
export type SpanOptions = Readonly<{
  kind?: keyof typeof kinds;
  parent?: string | undefined;
  within?: Context;
  attributes?: Record<string, string | number | boolean>;
}>;

/**
 * Runs `work` in a new active span, which ends with it. Without an SDK (`startTelemetry`) it only runs `work`.
 * What `work` throws passes through; the span keeps its name and `code`, never its message, which may hold personal data.
 */
export const inSpan = <T>(
  name: string,
  { kind = 'internal', parent, within = context.active(), attributes = {} }: SpanOptions,
  work: (span: Span) => Promise<T>,
): Promise<T> => {
  if (!isOn()) return context.with(within, work, undefined, noSpan);
  const from = parent === undefined ? within : contextOf(parent, within);
  return tracer.startActiveSpan(name, { kind: kinds[kind], attributes }, from, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      recordError(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
};

/** Resolves anew once an SDK is registered, so it may be made before. */
export const tracer = trace.getTracer('evermart');

/**
 * Without an SDK the API makes invalid spans, and contexts for them that cost microseconds and reach nobody. An SDK that
 * is there stays; the span that finds it is never ended, and so never exported.
 */
const isOn = (): boolean => {
  hasSdk ||= isSpanContextValid(tracer.startSpan('is tracing on', { root: true }).spanContext());
  return hasSdk;
};
let hasSdk = false;
const noSpan = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);

/** The traceparent of a span that `inSpan` gave; undefined where there is no SDK. */
export const traceparentOf = (span: Span): string | undefined =>
  span === noSpan ? undefined : formatTraceparent(span.spanContext());

/** The traceparent of the active span; undefined where there is none. */
export const currentTraceparent = (): string | undefined => {
  const active = activeSpan();
  return active && formatTraceparent(active);
};

/** The trace id of the active span, 32 hexadecimal digits; undefined where there is none. */
export const currentTraceId = (): string | undefined => activeSpan()?.traceId;

const activeSpan = (): SpanContext | undefined => {
  const active = trace.getSpanContext(context.active());
  return active !== undefined && isSpanContextValid(active) ? active : undefined;
};

/**
 * The trace that a caller asks to continue, by its `traceparent` (W3C Trace Context) or else its `uber-trace-id`
 * (Jaeger's client libraries), as a traceparent; undefined where neither is there and well-formed.
 */
export const traceparentFrom = (headers: Record<string, string | string[] | undefined>): string | undefined => {
  const caller = parseTraceparent(headers['traceparent']) ?? parseUberTraceId(headers['uber-trace-id']);
  return caller && formatTraceparent(caller);
};

/** A random traceparent whose trace is sampled: for answers and event metadata while tracing is off. */
export const newTraceparent = (): string =>
  formatTraceparent({
    traceId: newTraceId(),
    spanId: newSpanId(),
    traceFlags: TraceFlags.SAMPLED,
  });

/** The same headers and, within a span, its `traceparent`. */
export const injectTraceparent = (headers: Record<string, string>): Record<string, string> => {
  const traceparent = currentTraceparent();
  return traceparent === undefined ? headers : { ...headers, traceparent };
};

/** The trace id, 32 hexadecimal digits, of a well-formed traceparent. */
export const traceIdOf = (traceparent: string): string => traceparent.slice(3, 35);

/** The context, within `base`, in which a span continues a traceparent; one that is malformed begins a new trace. */
export const contextOf = (traceparent: string, base: Context = ROOT_CONTEXT): Context => {
  const parent = parseTraceparent(traceparent);
  return parent === undefined ? trace.deleteSpan(base) : trace.setSpanContext(base, { isRemote: true, ...parent });
};

/** Version 00 has exactly four fields; a later one may go on after them, 255 is forbidden (W3C Trace Context, 3.2). */
const parseTraceparent = (header: string | string[] | undefined): SpanContext | undefined => {
  if (header === undefined) return undefined;
  const match = /^(?!ff)([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/.exec(single(header));
  const [, version, traceId = '', spanId = '', flags = '', rest] = match ?? [];
  if (version === '00' && rest !== undefined) return undefined;
  return validContext(traceId, spanId, flags);
};

/**
 * `{trace}:{span}:{parent}:{flags}` in hexadecimal, leading zeros left out, percent-encoded by some clients
 * (https://www.jaegertracing.io/sdk-migration/#propagation-format).
 */
const parseUberTraceId = (header: string | string[] | undefined): SpanContext | undefined => {
  if (header === undefined) return undefined;
  const match = /^([\da-f]{1,32}):([\da-f]{1,16}):[\da-f]{1,16}:([\da-f]{1,2})$/i.exec(
    single(header).replace(/%3a/gi, ':'),
  );
  const [, traceId = '', spanId = '', flags = ''] = match ?? [];
  return validContext(traceId.toLowerCase().padStart(32, '0'), spanId.toLowerCase().padStart(16, '0'), flags);
};

/** A header that was sent twice names no one caller. */
const single = (header: string | string[] | undefined): string => (typeof header === 'string' ? header.trim() : '');

/** Of the flags only "sampled" is passed on: it is bit 0 in both formats, and the others must not be repeated. */
const validContext = (traceId: string, spanId: string, flags: string): SpanContext | undefined => {
  const found = { traceId, spanId, traceFlags: parseInt(flags, 16) & TraceFlags.SAMPLED };
  return isSpanContextValid(found) ? found : undefined;
};

const formatTraceparent = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-0${traceFlags & TraceFlags.SAMPLED}`;

/** An id of zeros only is invalid (W3C Trace Context, 3.2.2.3). */
export const newTraceId = (): string => `1${randomDigits(31)}`;
export const newSpanId = (): string => `1${randomDigits(15)}`;

/** Marks a span that is made without `inSpan` as failed, by an error's name and `code` alone. */
export const recordError = (span: Span, error: unknown): void => {
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute('error.type', error instanceof Error ? error.name : typeof error);
  const { code } = Object(error) as { code?: unknown };
  if (typeof code === 'string' || typeof code === 'number') span.setAttribute('error.code', code);
};
