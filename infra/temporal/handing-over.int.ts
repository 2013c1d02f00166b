import { randomUUID } from 'node:crypto';
import { startEngines, type EnginesForTests } from '../engines/testing/engines-for-tests.js';
import type { EventMetadata } from '../event-store/stored-event.js';
import { createWritableLog } from '../logging/testing/writable-log.js';
import { newTraceparent } from '../telemetry/tracing.js';
import { buildIdOf } from './build-id.js';
import { connectTemporal, type Temporal } from './connection.js';
import { registerSearchAttributes } from './register-search-attributes.js';
import { searchAttributes } from './search-attributes.js';
import { signalWorkflow } from './signal-workflow.js';
import { startWorkflow } from './start-workflow.js';
import { bundleSample } from './testing/bundle-sample.js';
import type { waiting } from './testing/waiting-workflow.js';
import { runWorker, type RunningWorker } from './worker.js';

const taskQueue = 'waiting';
const { log, lines, line } = createWritableLog();
let engines: EnginesForTests;
let temporal: Temporal;
let workflowBundlePath: string;
let worker: RunningWorker;

beforeAll(async () => {
  engines = await startEngines(['temporal']);
  temporal = connectTemporal(engines.env.TEMPORAL_ADDRESS);
  workflowBundlePath = await bundleSample('waiting-workflow', engines.dataDir);
  const settings = { address: engines.env.TEMPORAL_ADDRESS, taskQueue, workflowBundlePath, activities: {} };
  worker = runWorker({ ...settings, tracing: false, log });
  await worker.ready;
}, 900_000);
afterAll(async () => {
  await worker.stop();
  await temporal.close();
  await engines.stop();
});

const started = async () => {
  const orderId = randomUUID();
  const workflowId = `order-${orderId}`;
  const begin = () =>
    startWorkflow<typeof waiting>(temporal.client, aMetadata(), {
      ...{ type: 'waiting', workflowId, taskQueue, input: undefined, summary: 'Waits', details: 'For **a word**' },
      searchAttributes: [
        { key: searchAttributes.orderId, value: orderId },
        { key: searchAttributes.orderTotal, value: 950 },
      ],
    });
  expect(await begin()).toBe('acknowledged');
  return { orderId, workflowId, begin, handle: temporal.client.workflow.getHandle<typeof waiting>(workflowId) };
};

const say = (workflowId: string, word: string) =>
  signalWorkflow(temporal.client, aMetadata(), { workflowId, signal: 'say', args: [word] });

describe('search attributes', () => {
  it('are registered before a worker takes tasks, so that a workflow is found by them', async () => {
    const { orderId, workflowId, handle } = await started();
    await handle.query('progress');
    const query = `OrderId = '${orderId}' AND OrderTotal > 900 AND SagaStep = 'authorise'`;
    let found: string[] = [];
    while (found.length === 0)
      for await (const one of temporal.client.workflow.list({ query })) found = [...found, one.workflowId];
    expect(found).toEqual([workflowId]);
    await handle.terminate();
  });

  it('are registered by several at once, and again, without harm', async () => {
    const { client } = temporal;
    await Promise.all([1, 2, 3].map(() => registerSearchAttributes(client.connection, log)));
    const { customAttributes } = await client.connection.operatorService.listSearchAttributes({ namespace: 'default' });
    expect(customAttributes).toMatchObject({ OrderId: 2, CustomerId: 2, SagaStatus: 2, SagaStep: 2, OrderTotal: 3 });
  });
});

describe('a workflow', () => {
  it('is started once, and shows what it is for', async () => {
    const { begin, handle } = await started();
    expect(await begin()).toBe('acknowledged');
    const described = await handle.describe();
    expect(await described.staticDetails()).toBe('For **a word**');
    await handle.terminate();
  });

  it('with a search attribute that Temporal does not know yet is left for later', async () => {
    const key = { name: `Late${randomUUID().slice(0, 8)}`, type: 'KEYWORD' } as const;
    const start = startWorkflow<typeof waiting>(temporal.client, aMetadata(), {
      ...{ type: 'waiting', workflowId: randomUUID(), taskQueue, input: undefined, summary: 'Waits' },
      searchAttributes: [{ key, value: 'x' }],
    });
    await expect(start).rejects.toMatchObject({ name: 'ServiceError' });
  });

  it('hears of an event', async () => {
    const { workflowId, handle } = await started();
    expect(await say(workflowId, 'mellon')).toBe('acknowledged');
    expect(await handle.result()).toBe('mellon');
  });

  it.each(['has ended', 'is not there'])('that %s hears of nothing, which is a success', async (what) => {
    const { workflowId, handle } = await started();
    await handle.terminate();
    expect(await say(what === 'has ended' ? workflowId : 'order-none', 'mellon')).toBe('acknowledged');
  });

  it('says what it has to say in the log, with its order and nothing personal', async () => {
    const { orderId, workflowId } = await started();
    await say(workflowId, 'capture');
    const said = await line((one) => one['workflowId'] === workflowId && one['level'] === 30);
    expect(said).toMatchObject({ msg: 'Temporal: a word was said', workflowId, orderId, step: 'capture' });
    expect(JSON.stringify(lines())).not.toContain('ada@example.org');
  });

  it('shows by whose code it was run', async () => {
    const { workflowId, handle } = await started();
    await say(workflowId, 'mellon');
    await handle.result();
    const buildId = await buildIdOf(workflowBundlePath);
    expect(buildId).toMatch(/^\d+\.\d+\.\d+-[\da-f]{12}$/);
    const { events } = await handle.fetchHistory();
    const completed = (events ?? []).flatMap((event) => event.workflowTaskCompletedEventAttributes ?? []);
    expect(completed[0]).toMatchObject({
      identity: `workflows/${process.pid}/${buildId}`,
      workerDeploymentName: taskQueue,
      workerVersion: { buildId },
    });
  });
});

it('a signal that Temporal takes for no workflow in the world is refused for good', async () => {
  const tooLong = { workflowId: 'order-1', signal: 'x'.repeat(1_100), args: [] };
  const signal = signalWorkflow(temporal.client, aMetadata(), tooLong);
  expect(await signal).toEqual({ refused: 'INVALID_ARGUMENT' });
});

it('a signal for a Temporal that is away is not lost', async () => {
  const away = connectTemporal('127.0.0.1:1');
  const signal = signalWorkflow(away.client, aMetadata(), { workflowId: 'order-1', signal: 'say', args: [] });
  await expect(signal).rejects.toMatchObject({ name: 'ServiceError' });
  await away.close();
});

const aMetadata = (): EventMetadata => ({
  ...{ $correlationId: randomUUID(), $causationId: randomUUID(), commandId: randomUUID(), actor: 'u1' },
  ...{ at: new Date().toISOString(), schemaVersion: 1, traceparent: newTraceparent() },
});
