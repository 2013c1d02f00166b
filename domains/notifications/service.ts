import type { Aggregate, CommandDefinition, QuestionDefinition, Service } from '../shared/service.js';
import {
  parseNotificationQuestion,
  parseRecordNotificationFailed,
  parseRecordNotificationSent,
  parseRequestNotification,
  type NotificationStanding,
  type RecordNotificationFailed,
  type RecordNotificationSent,
  type RequestNotification,
} from './commands.js';
import { notificationEvents, type Channel, type NotificationEvent } from './events.js';
import { notification, type Notification, type NotificationCommand } from './notification.js';
import { notificationPolicies } from './policies.js';
import { notificationUpcasters } from './upcasters.js';

const notificationAggregate: Aggregate<Notification, NotificationCommand, NotificationEvent> = {
  category: 'notification',
  decider: notification,
  events: notificationEvents,
  upcasters: notificationUpcasters,
};

/** The channels that reach a person, as `users: channelsOf` answers. */
type Channels = Readonly<{ email: boolean; phone: boolean }>;

/** The stream is named after cause and channel, so that there is one notification for the two. */
const requestNotification: CommandDefinition<RequestNotification['data']> = {
  parse: parseRequestNotification,
  asks: ({ userId }) => ({ channels: { context: 'users', question: 'channelsOf', data: { userId } } }),
  steps: (data, { channels }, { nameBasedId }) => {
    const notificationId = nameBasedId(data.channel, data.cause);
    const isReachable = reaches(channels as Channels, data.channel);
    const command = { type: 'RequestNotification', data: { ...data, notificationId, isReachable } };
    return [{ aggregate: notificationAggregate, id: notificationId, command }];
  },
};

const reaches = ({ email, phone }: Channels, channel: Channel) => (channel === 'email' ? email : phone);

const recordSent: CommandDefinition<RecordNotificationSent['data']> = {
  parse: parseRecordNotificationSent,
  steps: (data) => [
    { aggregate: notificationAggregate, id: data.notificationId, command: { type: 'RecordNotificationSent', data } },
  ],
};

const recordFailed: CommandDefinition<RecordNotificationFailed['data']> = {
  parse: parseRecordNotificationFailed,
  steps: (data) => [
    { aggregate: notificationAggregate, id: data.notificationId, command: { type: 'RecordNotificationFailed', data } },
  ],
};

/** A notification and what became of it; `null` where none was requested. */
const notificationOf: QuestionDefinition<{ notificationId: string }> = {
  parse: parseNotificationQuestion,
  reads: ({ notificationId }) => [{ aggregate: notificationAggregate, id: notificationId }],
  answer: ([found]: readonly Notification[]): NotificationStanding | null =>
    found === undefined || found.outcome === 'none' ? null : found,
};

export const notifications: Service = {
  context: 'notifications',
  aggregates: [notificationAggregate],
  commands: {
    RequestNotification: requestNotification,
    RecordNotificationSent: recordSent,
    RecordNotificationFailed: recordFailed,
  },
  questions: { notificationOf },
  policies: notificationPolicies,
};
