import { ExportResultCode } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { newSpanId, newTraceId } from './tracing.js';
import { platformVersion } from './version.js';

/** Bounds how long a shutdown waits for a Jaeger that is away. */
const exportTimeoutMs = 3_000;

/**
 * Registers the OpenTelemetry SDK for this process. Only `startTelemetry` imports this file, since loading the SDK is
 * what tracing costs at the start. Nobody asks for a global propagator, since
 * `tracing.ts` reads and writes headers; it has set the context manager as well.
 */
export const startExporting = (serviceName: string, endpoint: string, log: (line: string) => void) => {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
    timeoutMillis: exportTimeoutMs,
  });
  const spans = new BatchSpanProcessor(sayingWhetherItWorks(exporter, endpoint, log), {
    maxQueueSize: 8_192,
    scheduledDelayMillis: 1_000,
    exportTimeoutMillis: exportTimeoutMs,
  });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName, 'service.version': platformVersion() }),
    spanProcessors: [spans],
    // The SDK's own takes longer than all else about the beginning of a span.
    idGenerator: { generateTraceId: newTraceId, generateSpanId: newSpanId },
  });
  provider.register({ propagator: null, contextManager: null });
  return {
    /** Spans that cannot be exported any more are lost, as `log` was told: that is no reason to fail the shutdown. */
    shutdown: () => provider.shutdown().catch(() => undefined),
  };
};

/** The same exporter; the SDK itself is silent about failures. */
export const sayingWhetherItWorks = (
  exporter: SpanExporter,
  endpoint: string,
  log: (line: string) => void,
): SpanExporter => {
  let works = true;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const worked = result.code === ExportResultCode.SUCCESS;
        if (works && !worked) log(`Traces cannot be exported to ${endpoint}: they are dropped until it answers`);
        if (!works && worked) log(`Traces are exported to ${endpoint} again`);
        works = worked;
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
};
