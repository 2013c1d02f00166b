import type { Client } from '@temporalio/client';
import { idOf, type StreamEvent } from '../../infra/event-store/stored-event.js';
import { runRelay, type HandedOver, type RelayParts, type RunningRelay } from '../../infra/relay/relay.js';
import { startWorkflow } from '../../infra/temporal/start-workflow.js';
import { taskQueue, workflowIdOf, type Origin } from './delivery.js';
import type { notificationDelivery } from './workflow.js';

/** Starts a delivery for every notification that is requested. */
export const relayNotifications = (client: Client, parts: RelayParts): RunningRelay =>
  runRelay(
    {
      name: 'notification',
      categories: ['notification'],
      types: ['NotificationRequested'],
      handOver: (event) => startDelivery(client, event),
    },
    parts,
  );

const startDelivery = (client: Client, { id, streamId, metadata }: StreamEvent): Promise<HandedOver> => {
  const notificationId = idOf(streamId);
  const { $correlationId: correlationId, traceparent } = metadata;
  const origin: Origin = { notificationId, correlationId, causationId: id, traceparent };
  return startWorkflow<typeof notificationDelivery>(client, metadata, {
    type: 'notificationDelivery',
    workflowId: workflowIdOf(notificationId),
    taskQueue,
    input: origin,
    summary: `Notification ${notificationId}`,
  });
};
