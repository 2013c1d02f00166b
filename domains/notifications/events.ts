import type { Message } from '../shared/decider.js';
import type { EventSchemas } from '../shared/event-schema.js';

export type Channel = 'email' | 'sms';

/** What the text says beside the person's name: nothing personal, such as a total or a tracking number. */
export type Facts = Readonly<Record<string, string>>;

type Owned = { notificationId: string; userId: string };

// These names and fields are the storage format: change one only with a new schema version and an upcaster.
export type NotificationEvent =
  | Message<
      'NotificationRequested',
      // `cause` is the id of the event that the person hears of.
      Owned & { cause: string; channel: Channel; template: string; orderId: string | null; facts: Facts }
    >
  | Message<'NotificationSent', Owned & { reference: string }>
  | Message<'NotificationFailed', Owned & { code: string }>;

export const notificationEvents: EventSchemas<NotificationEvent> = {
  NotificationRequested: { version: 1 },
  NotificationSent: { version: 1 },
  NotificationFailed: { version: 1 },
};
