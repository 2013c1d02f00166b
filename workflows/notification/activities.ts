import { activityInfo } from '@temporalio/activity';
import { v5 as nameBasedId } from 'uuid';
import type {
  NotificationStanding,
  RecordNotificationFailed,
  RecordNotificationSent,
} from '../../domains/notifications/commands.js';
import { SendingFailed } from '../../infra/notifications/notification-sender.js';
import type { Senders } from '../../infra/notifications/senders.js';
import { render } from '../../infra/notifications/templates/render.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import { currentTraceparent } from '../../infra/telemetry/tracing.js';
import type { Origin, Sending } from './delivery.js';
import { withCode } from './failures.js';

export type ActivityParts = Readonly<{ bus: ServiceBus; senders: Senders }>;

/** A person as `users: recipientOf` answers; fields are `null` where they are not known. */
type Recipient = Readonly<{ email: string | null; name: string | null; phone: string | null }>;

/** What the delivery does to the world. The person is known within one try only: nothing personal leaves an activity. */
export const createActivities = ({ bus, senders }: ActivityParts) => {
  const sendNotification = async ({ notificationId: id }: Origin): Promise<Sending> => {
    const notification = await standingOf(id);
    if (notification.outcome !== 'requested') return { outcome: 'nothing_to_do' };
    const { userId, channel, template, orderId, facts } = notification;

    const recipient = (await bus.ask('users', 'recipientOf', { userId })) as Recipient | null;
    if (!recipient || recipient.name === null) throw new SendingFailed('recipient.unknown', true);
    const to = channel === 'email' ? recipient.email : recipient.phone;
    if (to === null) throw new SendingFailed(channel === 'email' ? 'recipient.no_email' : 'recipient.no_phone', true);

    const rendered = render(template, channel, { name: recipient.name, orderId, facts });
    // It may be known to a newer version of this code.
    if (!rendered) throw new SendingFailed('template.unknown', false);
    const { reference } = await senders[channel].send({ id, userId, channel, to, ...rendered });
    return { outcome: 'sent', reference };
  };

  const standingOf = async (notificationId: string): Promise<NotificationStanding> => {
    const answer = await bus.ask('notifications', 'notificationOf', { notificationId });
    // The delivery was begun by the notification's own event: an answer that there is none cannot be the last word.
    if (answer === null) throw new Error(`notifications does not know ${notificationId} yet`);
    return answer as NotificationStanding;
  };

  const recordSent = ({ origin, reference }: Readonly<{ origin: Origin; reference: string }>) =>
    record(origin, { type: 'RecordNotificationSent', data: { notificationId: origin.notificationId, reference } });

  const recordFailed = ({ origin, code }: Readonly<{ origin: Origin; code: string }>) =>
    record(origin, { type: 'RecordNotificationFailed', data: { notificationId: origin.notificationId, code } });

  const record = async (
    { notificationId, correlationId, causationId, traceparent }: Origin,
    { type, data }: RecordNotificationSent | RecordNotificationFailed,
  ): Promise<void> => {
    await bus.send('notifications', {
      type,
      data,
      at: new Date(activityInfo().scheduledTimestampMs).toISOString(),
      commandId: nameBasedId(type, notificationId),
      correlationId,
      causationId,
      actor: '(notifications)',
      traceparent: currentTraceparent() ?? traceparent,
    });
  };

  return {
    sendNotification: withCode(sendNotification),
    recordSent: withCode(recordSent),
    recordFailed: withCode(recordFailed),
  };
};

export type Activities = ReturnType<typeof createActivities>;
