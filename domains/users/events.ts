import type { Message } from '../shared/decider.js';
import type { EventSchemas, Personal } from '../shared/event-schema.js';

export type Role = 'customer' | 'staff' | 'auditor' | 'admin';

// These names and fields are the storage format: change one only with a new schema version and an upcaster.
export type UserEvent = Message<
  'UserRegistered',
  {
    userId: string;
    email: Personal<string>;
    name: Personal<string>;
    phone: Personal<string>;
    roles: readonly Role[];
  }
>;

/** Events of `email-<hmac>`: who may use an address. The address itself is not here, nor in the stream's name. */
export type EmailEvent = Message<'EmailClaimed', { userId: string }>;

export const userEvents: EventSchemas<UserEvent> = {
  UserRegistered: { version: 1, personal: { subject: 'userId', fields: ['email', 'name', 'phone'] } },
};

export const emailEvents: EventSchemas<EmailEvent> = { EmailClaimed: { version: 1 } };
