import { status } from '@grpc/grpc-js';
import { context } from '@opentelemetry/api';
import {
  isGrpcServiceError,
  NamespaceNotFoundError,
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type Client,
  type Workflow,
} from '@temporalio/client';
import type { EventMetadata } from '../event-store/stored-event.js';
import type { HandedOver } from '../relay/relay.js';
import { contextOf } from '../telemetry/tracing.js';

/** The one workflow that an event begins; its id is never used again. */
export type WorkflowStart<Begun extends Workflow> = Readonly<{
  type: string;
  workflowId: string;
  taskQueue: string;
  /** Its only argument: it is kept readable in Temporal, so it holds nothing personal. */
  input: Parameters<Begun>[0];
  /** What Temporal's UI calls it. */
  summary: string;
}>;

const answerWithinMs = 5_000;

/**
 * Starts the workflow that an event begins, in the trace of the event. One that was started before, also one that has
 * ended, is acknowledged.
 *
 * @throws Error when Temporal does not answer, or not for any workflow.
 */
export const startWorkflow = async <Begun extends Workflow>(
  client: Client,
  { $correlationId, traceparent }: EventMetadata,
  { type, workflowId, taskQueue, input, summary }: WorkflowStart<Begun>,
): Promise<HandedOver> => {
  const start = () =>
    client.workflow.start(type, {
      workflowId,
      taskQueue,
      args: [input],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
      memo: { correlationId: $correlationId },
      staticSummary: summary,
    });
  try {
    await client.withDeadline(Date.now() + answerWithinMs, () => context.with(contextOf(traceparent), start));
    return 'acknowledged';
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return 'acknowledged';
    const refused = refusalOf(error);
    if (refused === undefined) throw error;
    return { refused };
  }
};

/** What Temporal has against this one start; undefined for what it would say to every other now. */
const refusalOf = (error: unknown): string | undefined => {
  if (!(error instanceof ServiceError)) return isAboutTheNamespace(error) ? undefined : nameOf(error);
  const { cause } = error;
  return isGrpcServiceError(cause) && cause.code === status.INVALID_ARGUMENT ? 'INVALID_ARGUMENT' : undefined;
};

const isAboutTheNamespace = (error: unknown) =>
  error instanceof NamespaceNotFoundError || error instanceof WorkflowNotFoundError;

const nameOf = (error: unknown) => (error instanceof Error ? error.name : typeof error);
