import { context } from '@opentelemetry/api';
import type { Client } from '@temporalio/client';
import { contextOf } from '../telemetry/tracing.js';

const answerWithinMs = 5_000;

/**
 * Calls Temporal in the trace of an event.
 *
 * @throws Error when it does not answer in time, and whatever `call` throws.
 */
export const inTraceOf = <Result>(client: Client, traceparent: string, call: () => Promise<Result>): Promise<Result> =>
  client.withDeadline(Date.now() + answerWithinMs, () => context.with(contextOf(traceparent), call));
