import type { Client } from '@temporalio/client';
import { idOf, type StreamEvent } from '../../infra/event-store/stored-event.js';
import type { HandedOver } from '../../infra/relay/relay.js';
import { startWorkflow } from '../../infra/temporal/start-workflow.js';
import { taskQueue, workflowIdOf, type Origin } from './fulfilment.js';
import type { orderFulfilment } from './workflow.js';

/**
 * Starts the saga of an `OrderPlaced`, in the trace of its placing. One that was started before, also one that has
 * ended, is acknowledged.
 *
 * @throws Error when Temporal does not answer, or not for any order.
 */
export const startFulfilment = (client: Client, { id, streamId, metadata }: StreamEvent): Promise<HandedOver> => {
  const orderId = idOf(streamId);
  const { $correlationId: correlationId, traceparent } = metadata;
  const origin: Origin = { orderId, correlationId, causationId: id, traceparent };
  return startWorkflow<typeof orderFulfilment>(client, metadata, {
    type: 'orderFulfilment',
    workflowId: workflowIdOf(orderId),
    taskQueue,
    input: origin,
    summary: `Order ${orderId}`,
  });
};
