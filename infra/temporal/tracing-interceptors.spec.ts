import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { Headers } from '@temporalio/common';
import type { ActivityExecuteInput } from '@temporalio/worker';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { currentTraceparent, inSpan, newTraceparent, traceIdOf } from '../telemetry/tracing.js';
import { traceparentIn, withTraceparent } from './trace-header.js';
import { traceActivities, traceRuns, traceStarts } from './tracing-interceptors.js';

const finished = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(finished)] });

beforeAll(() => provider.register({ propagator: null }));
beforeEach(() => finished.reset());
afterAll(() => provider.shutdown());

describe('a workflow that is started', () => {
  it('gets a span in the trace of its starter, and passes it on in the header', async () => {
    let sent: Headers = {};
    await inSpan('relay', {}, () =>
      start((headers) => {
        sent = headers;
        return Promise.resolve({ runId: 'run-1', eagerlyStarted: false });
      }),
    );
    const [workflow, relay] = finished.getFinishedSpans();
    expect(workflow).toMatchObject({ name: 'workflow orderFulfilment', attributes: { workflowId: 'order-1' } });
    expect(workflow?.parentSpanContext).toEqual(relay?.spanContext());
    expect(traceparentIn(sent)).toContain(workflow?.spanContext().spanId);
  });

  it('leaves no span where the start fails, since it is tried again', async () => {
    await expect(start(() => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(finished.getFinishedSpans()).toEqual([]);
  });
});

describe('an activity', () => {
  it('continues the trace of its workflow in what it calls', async () => {
    const traceparent = newTraceparent();
    const inside = await execute(withTraceparent({}, traceparent));
    const [activity] = finished.getFinishedSpans();
    expect(activity).toMatchObject({
      name: 'activity reserveStock',
      attributes: { workflowId: 'order-1', attempt: 2 },
    });
    expect(activity?.parentSpanContext?.traceId).toBe(traceIdOf(traceparent));
    expect(inside).toContain(activity?.spanContext().spanId);
  });

  it('runs in a trace of its own where the starter was not traced', async () => {
    await execute({});
    expect(finished.getFinishedSpans()[0]?.parentSpanContext).toBeUndefined();
  });
});

describe('a run that ended', () => {
  it('gets a span as long as the run, beneath its workflow', () => {
    const traceparent = newTraceparent();
    endRun(withTraceparent({}, traceparent));
    const [run] = finished.getFinishedSpans();
    expect(run).toMatchObject({ name: 'workflow orderFulfilment run', attributes: { outcome: 'failed' } });
    expect(run?.parentSpanContext?.traceId).toBe(traceIdOf(traceparent));
    expect(run?.startTime).toEqual([1_767_225_600, 0]);
  });

  it('gets none where the starter was not traced', () => {
    endRun({});
    expect(finished.getFinishedSpans()).toEqual([]);
  });
});

const start = (send: (headers: Headers) => Promise<{ runId: string; eagerlyStarted: boolean }>) => {
  const [interceptor] = traceStarts.workflow as [Required<WorkflowClientInterceptor>];
  const input = { workflowType: 'orderFulfilment', headers: {}, options: { workflowId: 'order-1' } };
  return interceptor.startWithDetails(input as never, ({ headers }) => send(headers));
};

const execute = (headers: Headers) => {
  const info = { activityType: 'reserveStock', attempt: 2, workflowExecution: { workflowId: 'order-1' } };
  const { inbound } = traceActivities({ info } as never);
  const input: ActivityExecuteInput = { args: [], headers };
  return inbound?.execute?.(input, () => Promise.resolve(currentTraceparent()));
};

const endRun = (headers: Headers) => {
  const startTime = new Date('2026-01-01T00:00:00Z');
  const info = { workflowType: 'orderFulfilment', workflowId: 'order-1', runId: 'run-1', startTime };
  void traceRuns.tracing.runEnded.fn(info as never, headers, 'failed');
};
