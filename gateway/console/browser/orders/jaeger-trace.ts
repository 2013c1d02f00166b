/** Where Jaeger's web pages show a trace. */
export const jaegerTrace = (jaegerUrl: string, traceId: string): string =>
  `${jaegerUrl.replace(/\/+$/, '')}/trace/${encodeURIComponent(traceId)}`;
