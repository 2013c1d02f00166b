import {
  ContinueAsNew,
  isCancellation,
  proxySinks,
  TemporalFailure,
  type Headers,
  type Sinks,
  type WorkflowInterceptorsFactory,
} from '@temporalio/workflow';

/** Tells the worker how a run ended; `headers` are those that its start carried. */
export interface TracingSinks extends Sinks {
  tracing: { runEnded: (headers: Headers, outcome: RunOutcome) => void };
}
export type RunOutcome = 'completed' | 'failed' | 'cancelled' | 'continued';

/**
 * Bundled with every workflow: passes the headers of its start, the trace among them, on to all that it schedules.
 * It draws no random number, makes no span and is the same with tracing on and off, so that replay is as well.
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  let started: Headers = {};
  const passOn = <Input extends { headers: Headers }>(input: Input): Input => ({
    ...input,
    headers: { ...started, ...input.headers },
  });
  return {
    inbound: [
      {
        execute: async (input, next) => {
          started = input.headers;
          try {
            const result = await next(input);
            tracing.runEnded(started, 'completed');
            return result;
          } catch (error) {
            const outcome = outcomeOf(error);
            if (outcome !== undefined) tracing.runEnded(started, outcome);
            throw error;
          }
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(passOn(input)),
        scheduleLocalActivity: (input, next) => next(passOn(input)),
        startChildWorkflowExecution: (input, next) => next(passOn(input)),
        continueAsNew: (input, next) => next(passOn(input)),
      },
    ],
  };
};

const { tracing } = proxySinks<TracingSinks>();

/** Any other error fails one workflow task, which Temporal tries again: the run has not ended. */
const outcomeOf = (error: unknown): RunOutcome | undefined => {
  if (error instanceof ContinueAsNew) return 'continued';
  if (isCancellation(error)) return 'cancelled';
  return error instanceof TemporalFailure ? 'failed' : undefined;
};
