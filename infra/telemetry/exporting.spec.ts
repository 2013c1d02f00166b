import { ExportResultCode, type ExportResult } from '@opentelemetry/core';
import { sayingWhetherItWorks } from './exporting.js';
import { startTelemetry } from './telemetry.js';

it('says once that exporting fails, and once that it works again', () => {
  const said: string[] = [];
  const { SUCCESS, FAILED } = ExportResultCode;
  const answers = [SUCCESS, FAILED, FAILED, SUCCESS, SUCCESS, FAILED];
  const passedOn: ExportResult[] = [];
  const exporter = sayingWhetherItWorks(exporterThat(answers), 'http://jaeger', (line) => said.push(line));
  answers.forEach(() => exporter.export([], (result) => passedOn.push(result)));
  expect(said).toEqual([
    'Traces cannot be exported to http://jaeger: they are dropped until it answers',
    'Traces are exported to http://jaeger again',
    'Traces cannot be exported to http://jaeger: they are dropped until it answers',
  ]);
  expect(passedOn.map(({ code }) => code)).toEqual(answers);
});

it('is over at once where tracing is off', async () => {
  const telemetry = startTelemetry('evermart-test', { OTEL_EXPORTER_OTLP_ENDPOINT: undefined });
  await expect(telemetry.ready).resolves.toBeUndefined();
  await expect(telemetry.shutdown()).resolves.toBeUndefined();
});

const exporterThat = (answers: readonly ExportResultCode[]) => {
  const next = answers.values();
  return {
    export: (_spans: unknown, done: (result: ExportResult) => void) =>
      done({ code: next.next().value ?? ExportResultCode.FAILED }),
    shutdown: () => Promise.resolve(),
  };
};
