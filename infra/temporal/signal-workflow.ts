import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { EventMetadata } from '../event-store/stored-event.js';
import type { HandedOver } from '../relay/relay.js';
import { inTraceOf } from './in-trace-of.js';
import { refusalOf } from './refusal.js';

/** What a workflow is told; the arguments are kept readable in Temporal, so they hold nothing personal. */
export type WorkflowSignal = Readonly<{ workflowId: string; signal: string; args: readonly unknown[] }>;

/**
 * Tells a workflow of an event, in the trace of the event. It is acknowledged also where there is no such workflow or it
 * has ended: a signal only wakes a workflow, which asks for the facts itself when it starts and whenever it is woken.
 *
 * @throws Error when Temporal does not answer, or not for any workflow.
 */
export const signalWorkflow = async (
  client: Client,
  { traceparent }: EventMetadata,
  { workflowId, signal, args }: WorkflowSignal,
): Promise<HandedOver> => {
  try {
    await inTraceOf(client, traceparent, () => client.workflow.getHandle(workflowId).signal(signal, ...args));
    return 'acknowledged';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'acknowledged';
    const refused = refusalOf(error);
    if (refused === undefined) throw error;
    return { refused };
  }
};
