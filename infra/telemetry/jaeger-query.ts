/** One span as Jaeger keeps it. `parentSpanId` is null in the first span of a trace; times are in milliseconds. */
export type JaegerSpan = Readonly<{
  traceId: string;
  spanId: string;
  parentSpanId: string | null;
  service: string;
  name: string;
  start: number;
  durationMs: number;
  attributes: Readonly<Record<string, string | number | boolean>>;
}>;

/** Reads traces back from Jaeger. */
export type JaegerQuery = Readonly<{
  trace: (traceId: string) => Promise<readonly JaegerSpan[]>;
  /** The spans of several traces, one trace after the other. */
  traces: (traceIds: readonly string[]) => Promise<readonly JaegerSpan[]>;
}>;

/**
 * Jaeger's query API (the JSON of its own web page) at `url`.
 *
 * `trace` gives the spans of a trace that have arrived so far, by their start; none where Jaeger does not know it.
 * It throws where Jaeger does not answer within five seconds, or answers with anything else.
 */
export const createJaegerQuery = (url: string): JaegerQuery => {
  const trace = async (traceId: string): Promise<readonly JaegerSpan[]> => {
    const address = `${url.replace(/\/$/, '')}/api/traces/${encodeURIComponent(traceId)}`;
    const response = await fetch(address, { signal: AbortSignal.timeout(5_000) });
    if (response.status === 404) return [];
    if (!response.ok) throw new Error(`Jaeger answered ${response.status} for a trace`);
    const { data } = (await response.json()) as TraceAnswer;
    return data.flatMap(spansOf).toSorted((a, b) => a.start - b.start);
  };
  return { trace, traces: async (traceIds) => (await Promise.all(traceIds.map(trace))).flat() };
};

/** The part of Jaeger's `model/json` that is read here; times are in microseconds. */
type TraceAnswer = { data: TraceJson[] };
type TraceJson = { spans: SpanJson[]; processes: Record<string, { serviceName: string } | undefined> };
type SpanJson = {
  traceID: string;
  spanID: string;
  operationName: string;
  references: { refType: string; spanID: string }[];
  startTime: number;
  duration: number;
  tags: { key: string; value: string | number | boolean }[];
  processID: string;
};

const spansOf = ({ spans, processes }: TraceJson): JaegerSpan[] =>
  spans.map((span) => ({
    traceId: span.traceID.padStart(32, '0'),
    spanId: span.spanID,
    parentSpanId: span.references.find(({ refType }) => refType === 'CHILD_OF')?.spanID ?? null,
    service: processes[span.processID]?.serviceName ?? '',
    name: span.operationName,
    start: span.startTime / 1_000,
    durationMs: span.duration / 1_000,
    attributes: Object.fromEntries(span.tags.map(({ key, value }) => [key, value])),
  }));
