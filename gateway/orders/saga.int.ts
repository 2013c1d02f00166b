import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { startEngines, type EnginesForTests } from '../../infra/engines/testing/engines-for-tests.js';
import { closeServer, listen } from '../../infra/process/server.js';
import { silent } from '../../infra/service-bus/testing/services.js';
import { connectTemporal, type Temporal } from '../../infra/temporal/connection.js';
import { searchAttributes } from '../../infra/temporal/search-attributes.js';
import { bundleSample } from '../../infra/temporal/testing/bundle-sample.js';
import { runWorker, type RunningWorker, type WorkerSettings } from '../../infra/temporal/worker.js';
import { createWorkflowReader } from '../../infra/temporal/workflow-reader.js';
import { callAt, expectProblem } from '../http/testing/client.js';
import { accessTokens } from '../http/testing/gateway.js';
import { createGateway } from '../http/server.js';
import { sagaRoutes } from './saga-routes.js';

const taskQueue = 'sagas';
const temporalUiUrl = 'http://ui.example';
const orders = new Set<string>();
let engines: EnginesForTests;
let temporal: Temporal;
let settings: WorkerSettings;
let worker: RunningWorker;
let gateway: Awaited<ReturnType<typeof startGateway>>;

beforeAll(async () => {
  engines = await startEngines(['temporal']);
  const address = engines.env.TEMPORAL_ADDRESS;
  temporal = connectTemporal(address);
  const workflowBundlePath = await bundleSample('waiting-workflow', engines.dataDir);
  settings = { ...{ address, taskQueue, workflowBundlePath, activities: {} }, tracing: false, log: silent };
  worker = runWorker(settings);
  await worker.ready;
  gateway = await startGateway(address);
}, 900_000);
afterAll(async () => {
  await gateway.stop();
  await worker.stop();
  await temporal.close();
  await engines.stop();
});

/** The orders that there are have an owner; nothing else is asked. */
const bus = {
  ask: (_context: string, _question: string, data: unknown) => {
    const isThere = orders.has((data as { orderId: string }).orderId);
    return Promise.resolve(isThere ? { userId: 'ada', status: 'PENDING', cancelling: false } : null);
  },
};

const startGateway = async (address: string) => {
  const workflows = createWorkflowReader(address);
  const routes = sagaRoutes({ bus, workflows, temporalUiUrl });
  const server = createGateway({ routes, accessTokens, log: silent });
  await listen(server, { host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`;
  return {
    sagaOf: (orderId: string, as = 'sam:staff') => callAt(url, 'GET', `/orders/${orderId}/saga`, { as }),
    stop: async () => {
      await closeServer(server);
      await workflows.close();
    },
  };
};

const newOrder = (): string => {
  const orderId = randomUUID();
  orders.add(orderId);
  return orderId;
};

/** An order whose saga has said where it is, and what that looks like. */
const withSaga = async () => {
  const orderId = newOrder();
  const workflowId = `order-${orderId}`;
  const saga = await temporal.client.workflow.start('waiting', {
    ...{ workflowId, taskQueue, args: [] },
    typedSearchAttributes: [{ key: searchAttributes.sagaStatus, value: 'running' }],
  });
  await saga.query('progress');
  const runId = saga.firstExecutionRunId;
  const url = `${temporalUiUrl}/namespaces/default/workflows/${workflowId}/${runId}/history`;
  return { orderId, saga, shown: { workflowId, runId, type: 'waiting', url } };
};

const answered = {
  status: 'waiting_for_payment',
  step: 'authorise',
  attempts: 2,
  pendingCompensations: ['release'],
};

describe('the saga of an order', () => {
  it('is shown to staff as it answers itself', async () => {
    const { orderId, shown } = await withSaga();
    expect(await gateway.sagaOf(orderId)).toMatchObject({ status: 200, body: { ...shown, ...answered } });
  });

  it('says that it was terminated', async () => {
    const { orderId, saga, shown } = await withSaga();
    await saga.terminate();
    expect((await gateway.sagaOf(orderId)).body).toEqual({ ...shown, ...answered, status: 'terminated' });
  });

  it('is not there before it has begun', async () => {
    expectProblem(await gateway.sagaOf(newOrder()), 404, 'saga.not_found');
  });

  it('is not there without an order', async () => expectProblem(await gateway.sagaOf('none'), 404, 'order.not_found'));

  it('is for staff only', async () =>
    expectProblem(await gateway.sagaOf(newOrder(), 'ada:customer'), 403, 'auth.forbidden'));

  it('is shown by what it told Temporal while its worker is away', async () => {
    const { orderId, shown } = await withSaga();
    await worker.stop();
    const unknown = { attempts: null, pendingCompensations: null };
    expect((await gateway.sagaOf(orderId)).body).toEqual({
      ...{ ...shown, ...unknown, status: 'running', step: 'authorise' },
    });
    worker = runWorker(settings);
    await worker.ready;
  });

  it('cannot be told while Temporal is away', async () => {
    const alone = await startGateway('127.0.0.1:1');
    expectProblem(await alone.sagaOf(newOrder()), 503, 'service.unavailable');
    await alone.stop();
  });
});

describe('the history of a saga', () => {
  it('is read of its latest run', async () => {
    const { saga, shown } = await withSaga();
    await saga.signal('news', { id: 'e1', type: 'SagaAbortRequested' });
    await saga.terminate();
    const reader = createWorkflowReader(engines.env.TEMPORAL_ADDRESS);
    const { workflowId, runId } = shown;
    expect(await reader.history(workflowId)).toMatchObject({
      ...{ workflowId, runId, isWhole: true },
      steps: [
        { kind: 'workflow', name: 'waiting', outcome: 'terminated', durationMs: expect.any(Number) as number },
        { kind: 'signal', name: 'news', told: { id: 'e1', type: 'SagaAbortRequested' } },
      ],
    });
    await reader.close();
  });

  it('is none of a workflow that Temporal does not know', async () => {
    const reader = createWorkflowReader(engines.env.TEMPORAL_ADDRESS);
    expect(await reader.history(`order-${randomUUID()}`)).toBeNull();
    await reader.close();
  });

  it('cannot be told while Temporal is away', async () => {
    const reader = createWorkflowReader('127.0.0.1:1');
    await expect(reader.history('order-o1')).rejects.toMatchObject({ code: 'service.unavailable' });
    await reader.close();
  });
});
