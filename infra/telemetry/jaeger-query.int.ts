import { setImmediate } from 'node:timers/promises';
import { startEngines, type EnginesForTests } from '../engines/testing/engines-for-tests.js';
import { createJaegerQuery, type JaegerSpan } from './jaeger-query.js';
import { startTelemetry } from './telemetry.js';
import { currentTraceparent, inSpan, traceIdOf } from './tracing.js';

let engines: EnginesForTests;
beforeAll(async () => {
  engines = await startEngines(['jaeger']);
}, 900_000);
afterAll(() => engines.stop());

it('reads back from Jaeger what was exported', async () => {
  const telemetry = startTelemetry('evermart-test', engines.env);
  await telemetry.ready;
  const traceId = await inSpan('request', { kind: 'server' }, () =>
    inSpan('command', { attributes: { lines: 2 } }, () => Promise.resolve(traceIdOf(currentTraceparent() ?? ''))),
  );
  await telemetry.shutdown();
  const spans = await spansOf(traceId, 2);
  const [command, request] = spans.toSorted((a, b) => a.name.localeCompare(b.name));
  expect(request).toMatchObject({ traceId, name: 'request', service: 'evermart-test', parentSpanId: null });
  expect(command).toMatchObject({ traceId, name: 'command', parentSpanId: request?.spanId });
  expect(command?.attributes).toMatchObject({ lines: 2, 'span.kind': 'internal' });
});

it('finds nothing of a trace that Jaeger does not know', async () => {
  await expect(createJaegerQuery(engines.env.JAEGER_QUERY_URL).trace('1'.repeat(32))).resolves.toEqual([]);
});

/** Jaeger answers an export before it has kept the spans. */
const spansOf = async (traceId: string, count: number): Promise<readonly JaegerSpan[]> => {
  const jaeger = createJaegerQuery(engines.env.JAEGER_QUERY_URL);
  let spans = await jaeger.trace(traceId);
  while (spans.length < count) {
    await setImmediate();
    spans = await jaeger.trace(traceId);
  }
  return spans;
};
