import { pino } from 'pino';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { startEngines, type EnginesForTests } from '../engines/testing/engines-for-tests.js';
import { inSpan } from '../telemetry/tracing.js';
import { connectTemporal, type Temporal } from './connection.js';
import { bundleSample } from './testing/bundle-sample.js';
import { runWorker, type RunningWorker } from './worker.js';

const finished = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(finished)] });
let engines: EnginesForTests;
let temporal: Temporal;
let workflowBundlePath: string;

beforeAll(async () => {
  provider.register({ propagator: null });
  engines = await startEngines(['temporal']);
  temporal = connectTemporal(engines.env.TEMPORAL_ADDRESS);
  workflowBundlePath = await bundleSample('sample-workflow', engines.dataDir);
}, 900_000);
beforeEach(() => finished.reset());
afterAll(async () => {
  await temporal.close();
  await engines.stop();
});

it('keeps one trace from the starter to each attempt of an activity, over a replay', async () => {
  const run = await runSample('traced', [true, true]);
  expect(edges()).toEqual([
    ['activity reserve', 'workflow sample'],
    ['activity reserve', 'workflow sample'],
    ['activity ship', 'workflow sample'],
    ['charge', 'activity reserve'],
    ['workflow sample', 'relay'],
    ['workflow sample run', 'workflow sample'],
  ]);
  expect(await failedTasks(run)).toBe(0);
});

it.each([
  ['on', [false, true]],
  ['off', [true, false]],
] as const)('replays a run for which tracing is turned %s midway', async (turned, tracing) => {
  const run = await runSample(`turned-${turned}`, tracing);
  expect(await failedTasks(run)).toBe(0);
});

/** Runs the sample in two workers, one after the other, each with tracing or without; gives its workflow id. */
const runSample = async (workflowId: string, [first, second]: readonly [boolean, boolean]): Promise<string> => {
  const steps = givenSteps();
  await withWorker(first, steps.activities, async () => {
    await inSpan('relay', {}, () => temporal.client.workflow.start('sample', { taskQueue, workflowId, args: [] }));
    await steps.reserved;
  });
  await withWorker(second, steps.activities, async () => {
    const handle = temporal.client.workflow.getHandle(workflowId);
    await handle.signal('allow');
    await handle.result();
  });
  return workflowId;
};

/** The first attempt to reserve fails. */
const givenSteps = () => {
  let attempts = 0;
  let onReserved: () => void = () => undefined;
  const reserved = new Promise<void>((resolve) => (onReserved = resolve));
  const reserve = async () => {
    attempts += 1;
    if (attempts === 1) throw new Error('not yet');
    await inSpan('charge', { kind: 'client' }, () => Promise.resolve());
    onReserved();
  };
  return { reserved, activities: { reserve, ship: () => Promise.resolve() } };
};

const withWorker = async (tracing: boolean, activities: object, work: () => Promise<void>): Promise<void> => {
  const worker: RunningWorker = runWorker({
    address: engines.env.TEMPORAL_ADDRESS,
    taskQueue,
    workflowBundlePath,
    activities,
    tracing,
    log: pino({ level: 'silent' }),
  });
  await worker.ready;
  await work();
  await worker.stop();
};

/** Each span's name and its parent's, for all that have a parent. */
const edges = () => {
  const spans = finished.getFinishedSpans();
  const nameOf = (id: string) => spans.find((span) => span.spanContext().spanId === id)?.name;
  return spans
    .flatMap(({ name, parentSpanContext }) => (parentSpanContext ? [[name, nameOf(parentSpanContext.spanId)]] : []))
    .toSorted(([a], [b]) => (a ?? '').localeCompare(b ?? ''));
};

const failedTasks = async (workflowId: string): Promise<number> => {
  const { events } = await temporal.client.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).filter((event) => event.workflowTaskFailedEventAttributes).length;
};

const taskQueue = 'samples';
