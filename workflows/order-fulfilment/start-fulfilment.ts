import { context } from '@opentelemetry/api';
import {
  isGrpcServiceError,
  NamespaceNotFoundError,
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type Client,
} from '@temporalio/client';
import { status } from '@grpc/grpc-js';
import { idOf, type StoredEvent } from '../../infra/event-store/stored-event.js';
import { contextOf } from '../../infra/telemetry/tracing.js';
import { taskQueue, workflowIdOf, type Origin } from './fulfilment.js';
import type { orderFulfilment } from './workflow.js';

/** What became of a start; `refused` for good, with Temporal's code. */
export type Start = 'acknowledged' | Readonly<{ refused: string }>;

const answerWithinMs = 5_000;

/**
 * Starts the saga of an `OrderPlaced`, in the trace of its placing. One that was started before, also one that has
 * ended, is acknowledged.
 *
 * @throws Error when Temporal does not answer, or not for any order.
 */
export const startFulfilment = async (client: Client, event: StoredEvent): Promise<Start> => {
  try {
    await client.withDeadline(Date.now() + answerWithinMs, () =>
      context.with(contextOf(event.metadata.traceparent), () => start(client, event)),
    );
    return 'acknowledged';
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return 'acknowledged';
    const refused = refusalOf(error);
    if (refused === undefined) throw error;
    return { refused };
  }
};

const start = (client: Client, { id, streamId, metadata }: StoredEvent) => {
  const orderId = idOf(streamId);
  const { $correlationId: correlationId, traceparent } = metadata;
  const origin: Origin = { orderId, correlationId, causationId: id, traceparent };
  return client.workflow.start<typeof orderFulfilment>('orderFulfilment', {
    workflowId: workflowIdOf(orderId),
    taskQueue,
    args: [origin],
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowIdConflictPolicy: 'FAIL',
    memo: { correlationId },
    staticSummary: `Order ${orderId}`,
  });
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
