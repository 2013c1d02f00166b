import type { Config } from '../config.js';

/** Tracing of one process. `ready` resolves once spans are kept, `shutdown` when what can be exported was. */
export type Telemetry = Readonly<{ ready: Promise<void>; shutdown: () => Promise<void> }>;

/**
 * Exports the spans of this process by OTLP to `OTEL_EXPORTER_OTLP_ENDPOINT`. Without that setting nothing is loaded
 * and every span is a no-op. Where nothing answers at the endpoint, spans are dropped and the platform goes on.
 *
 * @param serviceName how Jaeger shows this process: `evermart-<role>`.
 * @param log is told once when exporting begins to fail, and once when it works again.
 */
export const startTelemetry = (
  serviceName: string,
  { OTEL_EXPORTER_OTLP_ENDPOINT }: Pick<Config, 'OTEL_EXPORTER_OTLP_ENDPOINT'>,
  log: (line: string) => void = writeToStderr,
): Telemetry => {
  if (OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return { ready: Promise.resolve(), shutdown: () => Promise.resolve() };
  const exporting = import('./exporting.js').then(({ startExporting }) =>
    startExporting(serviceName, OTEL_EXPORTER_OTLP_ENDPOINT, log),
  );
  return {
    ready: exporting.then(() => undefined),
    shutdown: async () => (await exporting).shutdown(),
  };
};

const writeToStderr = (line: string) => void process.stderr.write(`${line}\n`);
