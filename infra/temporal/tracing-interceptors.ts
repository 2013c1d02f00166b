import type { ClientInterceptors } from '@temporalio/client';
import type { Headers } from '@temporalio/common';
import type { ActivityInterceptorsFactory, InjectedSinks } from '@temporalio/worker';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { contextOf, inSpan, injectTraceparent, tracer } from '../telemetry/tracing.js';
import { traceparentIn, withTraceparent } from './trace-header.js';
import type { TracingSinks } from './workflow-tracing.js';

type StartInput = Readonly<{ workflowType: string; headers: Headers; options: Readonly<{ workflowId: string }> }>;

/**
 * Each workflow that is started gets a span `workflow <type>`, the parent of all that its run does. It is the start's
 * own span, so it can be seen while the run goes on for days, and no replay repeats it.
 */
export const traceStarts: ClientInterceptors = {
  workflow: [
    {
      startWithDetails: (input, next) => startInSpan(input, next),
      signalWithStart: (input, next) => startInSpan(input, next),
    },
  ],
};

/** A start that fails leaves no span, since the relay tries it again, for as long as Temporal is away. */
const startInSpan = async <Input extends StartInput, Output>(
  input: Input,
  next: (input: Input) => Promise<Output>,
): Promise<Output> => {
  const attributes = { workflowId: input.options.workflowId };
  const span = tracer.startSpan(`workflow ${input.workflowType}`, { kind: SpanKind.PRODUCER, attributes });
  const output = await context.with(trace.setSpan(context.active(), span), () => {
    const { traceparent } = injectTraceparent({});
    return next(traceparent === undefined ? input : { ...input, headers: withTraceparent(input.headers, traceparent) });
  });
  span.end();
  return output;
};

/** Each attempt of an activity runs in a span `activity <name>`, so that its commands and calls continue the trace. */
export const traceActivities: ActivityInterceptorsFactory = ({ info }) => ({
  inbound: {
    execute: (input, next) => {
      const parent = traceparentIn(input.headers);
      const attributes = { workflowId: info.workflowExecution?.workflowId ?? '', attempt: info.attempt };
      return inSpan(
        `activity ${info.activityType}`,
        { kind: 'consumer', attributes, ...(parent !== undefined && { parent }) },
        () => next(input),
      );
    },
  },
});

/** With tracing off: the workflow tells of its end all the same, so that it runs alike. */
export const ignoreRuns: InjectedSinks<TracingSinks> = {
  tracing: { runEnded: { callDuringReplay: false, fn: () => undefined } },
};

/** A run that ended gets a span `workflow <type> run`, as long as the run was, with its outcome. */
export const traceRuns: InjectedSinks<TracingSinks> = {
  tracing: {
    runEnded: {
      callDuringReplay: false,
      fn: ({ workflowType, workflowId, runId, startTime }, headers, outcome) => {
        const parent = traceparentIn(headers);
        if (parent === undefined) return;
        const attributes = { workflowId, runId, outcome };
        const span = tracer.startSpan(`workflow ${workflowType} run`, { startTime, attributes }, contextOf(parent));
        if (outcome === 'failed') span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      },
    },
  },
};
