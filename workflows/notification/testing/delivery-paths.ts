import { randomUUID } from 'node:crypto';
import { SendingFailed } from '../../../infra/notifications/notification-sender.js';
import type { WorkflowToRecord } from '../../../infra/temporal/testing/record-histories.js';
import type { DeliveryWorld } from './delivery-world.js';

/** The ways that a delivery may go, by the names of their recorded histories. */
export const deliveryPaths: Readonly<Record<string, (world: DeliveryWorld) => Promise<WorkflowToRecord>>> = {
  sent: (world) => delivered(world),

  failed: (world) => {
    world.senders.email = { send: () => Promise.reject(new SendingFailed('smtp.550', true)) };
    return delivered(world);
  },
};

const delivered = async (world: DeliveryWorld): Promise<WorkflowToRecord> => {
  const userId = randomUUID();
  world.people.set(userId, { email: 'ada@example.org', name: 'Ada Lovelace', phone: null });
  const notificationId = await world.requested({ userId });
  await world.ended(notificationId);
  await world.delivery(notificationId).result();
  return world.delivery(notificationId);
};
