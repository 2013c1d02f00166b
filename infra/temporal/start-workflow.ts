import { WorkflowExecutionAlreadyStartedError, type Client, type Workflow } from '@temporalio/client';
import type { SearchAttributePair } from '@temporalio/common';
import type { EventMetadata } from '../event-store/stored-event.js';
import type { HandedOver } from '../relay/relay.js';
import { inTraceOf } from './in-trace-of.js';
import { refusalOf } from './refusal.js';

/** The one workflow that an event begins; its id is never used again. */
export type WorkflowStart<Begun extends Workflow> = Readonly<{
  type: string;
  workflowId: string;
  taskQueue: string;
  /** Its only argument: it is kept readable in Temporal, so it holds nothing personal. */
  input: Parameters<Begun>[0];
  /** What Temporal's UI calls it. */
  summary: string;
  /** What Temporal's UI says of it, in Markdown; nothing personal. */
  details?: string;
  /** What it can be searched by from its first moment on. */
  searchAttributes?: readonly SearchAttributePair[];
}>;

/** So long the task of a worker that died is waited for, until another does it again. One that goes on says so in time. */
const workflowTaskTimeout = '5s';

/**
 * Starts the workflow that an event begins, in the trace of the event. One that was started before, also one that has
 * ended, is acknowledged.
 *
 * @throws Error when Temporal does not answer, or not for any workflow, or does not know the search attributes yet.
 */
export const startWorkflow = async <Begun extends Workflow>(
  client: Client,
  { $correlationId, traceparent }: EventMetadata,
  { type, workflowId, taskQueue, input, summary, details, searchAttributes = [] }: WorkflowStart<Begun>,
): Promise<HandedOver> => {
  const start = () =>
    client.workflow.start(type, {
      workflowId,
      taskQueue,
      args: [input],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
      workflowTaskTimeout,
      memo: { correlationId: $correlationId },
      typedSearchAttributes: [...searchAttributes],
      staticSummary: summary,
      ...(details !== undefined && { staticDetails: details }),
    });
  try {
    await inTraceOf(client, traceparent, start);
    return 'acknowledged';
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return 'acknowledged';
    const refused = refusalOf(error);
    if (refused === undefined) throw error;
    return { refused };
  }
};
