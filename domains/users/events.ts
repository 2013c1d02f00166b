import type { Message } from '../shared/decider.js';
import type { EventSchemas, Personal } from '../shared/event-schema.js';

/** What a person may be; what each may do is said where it is asked for. */
export const roleNames = ['customer', 'staff', 'auditor', 'admin'] as const;
export type Role = (typeof roleNames)[number];

/** What a person told us of themselves. */
export type Person = Readonly<{ email: Personal<string>; name: Personal<string>; phone: Personal<string> }>;

// These names and fields are the storage format: change one only with a new schema version and an upcaster.
export type UserEvent =
  | Message<'UserRegistered', Person & { userId: string; emailHash: string | null; roles: readonly Role[] }>
  /** `claimId` is the id of the change and, where the address is another one, of the claim to it. */
  | Message<
      'UserProfileChanged',
      Person & {
        userId: string;
        emailHash: string | null;
        previousEmailHash: string | null;
        claimId: string;
        previousClaimId: string | null;
      }
    >
  | Message<'UserRolesChanged', { userId: string; roles: readonly Role[] }>
  | Message<'UserDeactivated', { userId: string }>
  /** From here on no order is placed for the person, unless this request and all others are withdrawn. */
  | Message<'ErasureRequested', { userId: string; requestId: string }>
  | Message<'ErasureWithdrawn', { userId: string; requestId: string }>
  | Message<'UserErased', { userId: string }>
  /** The claim to an address was given up: the registration, or the change, that it was for must not happen. */
  | Message<'RegistrationAbandoned', { userId: string; claimId: string }>;

/** Events of `email-<hmac>`: who may use an address. The address itself is not here, nor in the stream's name. */
export type EmailEvent =
  | Message<'EmailClaimed', { userId: string; claimId: string; claimedAt: string }>
  | Message<'EmailReleased', { userId: string }>;

export const userEvents: EventSchemas<UserEvent> = {
  UserRegistered: { version: 2, personal: { subject: 'userId', fields: ['email', 'name', 'phone'] } },
  UserProfileChanged: { version: 1, personal: { subject: 'userId', fields: ['email', 'name', 'phone'] } },
  UserRolesChanged: { version: 1 },
  UserDeactivated: { version: 1 },
  ErasureRequested: { version: 1 },
  ErasureWithdrawn: { version: 1 },
  UserErased: { version: 1 },
  RegistrationAbandoned: { version: 1 },
};

export const emailEvents: EventSchemas<EmailEvent> = {
  EmailClaimed: { version: 2 },
  EmailReleased: { version: 1 },
};
