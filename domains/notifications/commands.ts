import type { Message } from '../shared/decider.js';
import { fields, id, optional, parseBy, text, type Parser } from '../shared/parse.js';
import { uuidInAnyCase } from '../shared/uuid.js';
import type { Channel, Facts } from './events.js';

/** That a person is told of `cause`, the id of an event (a UUID), over one channel. */
export type RequestNotification = Message<
  'RequestNotification',
  { cause: string; channel: Channel; template: string; userId: string; orderId: string | null; facts: Facts }
>;
export type RecordNotificationSent = Message<'RecordNotificationSent', { notificationId: string; reference: string }>;
export type RecordNotificationFailed = Message<'RecordNotificationFailed', { notificationId: string; code: string }>;

/** A notification as `notifications: notificationOf` answers: all that its workflow needs to send it. */
export type NotificationStanding = Readonly<{
  userId: string;
  channel: Channel;
  template: string;
  orderId: string | null;
  facts: Facts;
  outcome: 'requested' | 'sent' | 'failed';
}>;

const channelNames = ['email', 'sms'];

const channel: Parser<Channel> = (value, pointer, report) => {
  if (!channelNames.includes(String(value))) report({ pointer, detail: `must be one of ${channelNames.join(', ')}` });
  return value as Channel;
};

const uuid: Parser<string> = (value, pointer, report) => {
  const isUuid = typeof value === 'string' && uuidInAnyCase.test(value);
  if (!isUuid) report({ pointer, detail: 'must be a UUID' });
  return value as string;
};

const mostFacts = 20;
/** Room for the lines of the longest order. */
const fact = text(50_000, 0);

const facts: Parser<Facts> = (value, pointer, report) => {
  const entries = Object.entries(Object(value) as Record<string, unknown>);
  if (value === null || typeof value !== 'object' || Array.isArray(value) || entries.length > mostFacts) {
    report({ pointer, detail: `must be an object of at most ${mostFacts} strings` });
    return {};
  }
  return Object.fromEntries(entries.map(([name, given]) => [name, fact(given, `${pointer}/${name}`, report)]));
};

export const parseRequestNotification: (data: unknown) => RequestNotification['data'] = parseBy(
  fields({ cause: uuid, channel, template: id, userId: id, orderId: optional(id), facts }),
);

export const parseRecordNotificationSent: (data: unknown) => RecordNotificationSent['data'] = parseBy(
  fields({ notificationId: id, reference: text(200) }),
);

export const parseRecordNotificationFailed: (data: unknown) => RecordNotificationFailed['data'] = parseBy(
  fields({ notificationId: id, code: text(100) }),
);

export const parseNotificationQuestion = parseBy(fields({ notificationId: id }));
