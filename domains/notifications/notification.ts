import type { Decider, Message } from '../shared/decider.js';
import { DomainError } from '../shared/errors.js';
import type {
  NotificationStanding,
  RecordNotificationFailed,
  RecordNotificationSent,
  RequestNotification,
} from './commands.js';
import type { NotificationEvent } from './events.js';

/** One message to one person; `none` until it is requested. */
export type Notification = Readonly<{ outcome: 'none' }> | NotificationStanding;

/** `isReachable`: whether the person has an address on the channel. */
type DecideRequest = Message<
  'RequestNotification',
  RequestNotification['data'] & Readonly<{ notificationId: string; isReachable: boolean }>
>;
export type NotificationCommand = DecideRequest | RecordNotificationSent | RecordNotificationFailed;

const decide = ({ type, data }: NotificationCommand, notification: Notification): readonly NotificationEvent[] => {
  if (type === 'RequestNotification') return request(data, notification);
  const { notificationId } = data;
  if (notification.outcome === 'none')
    throw new DomainError('notification.not_found', `There is no notification ${notificationId}`);
  const { userId, outcome } = notification;
  switch (type) {
    case 'RecordNotificationSent':
      // It may have been given up and then have gone out all the same: what left is what counts.
      if (outcome === 'sent') return [];
      return [{ type: 'NotificationSent', data: { notificationId, userId, reference: data.reference } }];
    case 'RecordNotificationFailed':
      if (outcome === 'failed') return [];
      if (outcome === 'sent')
        throw new DomainError('notification.already_sent', `Notification ${notificationId} was sent`);
      return [{ type: 'NotificationFailed', data: { notificationId, userId, code: data.code } }];
  }
};

/** Of one cause a person hears once on a channel, whatever a second request says. */
const request = ({ isReachable, ...data }: DecideRequest['data'], { outcome }: Notification): NotificationEvent[] => {
  if (outcome !== 'none' || !isReachable) return [];
  return [{ type: 'NotificationRequested', data }];
};

const evolve = (notification: Notification, { type, data }: NotificationEvent): Notification => {
  if (type === 'NotificationRequested') {
    const { userId, channel, template, orderId, facts } = data;
    return { userId, channel, template, orderId, facts, outcome: 'requested' };
  }
  if (notification.outcome === 'none') return notification;
  return { ...notification, outcome: type === 'NotificationSent' ? 'sent' : 'failed' };
};

export const notification: Decider<Notification, NotificationCommand, NotificationEvent> = {
  initial: { outcome: 'none' },
  decide,
  evolve,
};
