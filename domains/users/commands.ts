import type { Claim, ClaimKey } from '../shared/claim.js';
import type { Message } from '../shared/decider.js';
import { fields, id, list, optional, parseBy, text, type Parsed, type Parser } from '../shared/parse.js';
import { roleNames, type Person, type Role } from './events.js';

export { roleNames, type Role };

const role: Parser<Role> = (value, pointer, report) => {
  if (!roleNames.some((name) => name === value)) report({ pointer, detail: `must be one of ${roleNames.join(', ')}` });
  return value as Role;
};

/** Where a person stands. `abandoned`: the claim to the address was given up before the person was registered. */
export type UserStatus = 'none' | 'active' | 'deactivated' | 'erased' | 'abandoned';

/** `emailHash` is the HMAC of the normalised address, which names the stream that claims it. */
export type RegisterUser = Message<
  'RegisterUser',
  {
    userId: string;
    email: string;
    emailHash: string;
    name: string;
    phone: string | null;
    roles: readonly Role[];
  }
>;

/** What is to be changed of a profile; `null` is left as it is. An address comes with its HMAC. */
export type ProfileRequest = Readonly<{
  userId: string;
  name: string | null;
  email: string | null;
  emailHash: string | null;
  phone: string | null;
  /** The HMAC of the present address, for people whose registration did not record it. */
  presentEmailHash: string | null;
}>;

/** `changes` is how often the profile had been changed when `present` was read; `claimId` is the id of the change. */
export type ChangeProfile = Message<
  'ChangeProfile',
  {
    userId: string;
    present: Person;
    wanted: Person;
    emailHash: string | null;
    previousEmailHash: string | null;
    changes: number;
    claimId: string;
  }
>;
export type ChangeRoles = Message<'ChangeRoles', { userId: string; roles: readonly Role[] }>;
export type DeactivateUser = Message<'DeactivateUser', { userId: string }>;
/** Each try to erase a person is a request of its own: withdrawing one leaves those of others. */
export type RequestErasure = Message<'RequestErasure', { userId: string; requestId: string }>;
export type WithdrawErasure = Message<'WithdrawErasure', { userId: string; requestId: string }>;
/** Without the request that it is for, it only repeats an erasure. */
export type EraseUser = Message<'EraseUser', { userId: string; requestId: string | null }>;
/** Gives up a claim to an address, unless the person uses the address. */
export type AbandonClaim = Message<'AbandonClaim', { userId: string; claimId: string; emailHash: string }>;

export type UserCommand =
  | RegisterUser
  | ChangeProfile
  | ChangeRoles
  | DeactivateUser
  | RequestErasure
  | WithdrawErasure
  | EraseUser
  | AbandonClaim;

/** Those that release an address do nothing where `claim` is not, or no longer, the one that stands. */
export type EmailCommand =
  | Message<'ClaimEmail', { claim: Claim }>
  | Message<'ReleaseEmail', { claim: ClaimKey | null }>
  | Message<'SettleEmailClaim', { claim: ClaimKey | null }>;

/** `emailHash` is the HMAC of the address, for people whose registration did not record it. */
export type ErasureOrder = Readonly<{ userId: string; requestId: string | null; emailHash: string | null }>;

/** Which claim to an address is settled: given up, unless the address is in use. */
export type SettlementRequest = Readonly<{ emailHash: string; claimId: string }>;

const userId = id;
const email = text(254, 3);
const name = text(200);
const phone = optional(text(40));
const roles = list(role, roleNames.length);

export const parseRegisterUser: (data: unknown) => RegisterUser['data'] = parseBy(
  fields({ userId, email, emailHash: id, name, phone, roles }),
);

const profileFields = fields({
  userId,
  name: optional(name),
  email: optional(email),
  emailHash: optional(id),
  phone,
  presentEmailHash: optional(id),
});
const profileRequest: Parser<Parsed<typeof profileFields>> = (value, pointer, report) => {
  const request = profileFields(value, pointer, report);
  if ((request.email === null) !== (request.emailHash === null))
    report({ pointer: `${pointer}/emailHash`, detail: 'must come with an email, and an email with it' });
  return request;
};

export const parseChangeProfile: (data: unknown) => ProfileRequest = parseBy(profileRequest);

export const parseChangeRoles: (data: unknown) => ChangeRoles['data'] = parseBy(fields({ userId, roles }));

export const parseErasureRequest: (data: unknown) => RequestErasure['data'] = parseBy(
  fields({ userId, requestId: id }),
);

export const parseEraseUser: (data: unknown) => ErasureOrder = parseBy(
  fields({ userId, requestId: optional(id), emailHash: optional(id) }),
);

export const parseSettleEmailClaim: (data: unknown) => SettlementRequest = parseBy(
  fields({ emailHash: id, claimId: id }),
);

export const parseUserQuestion: (data: unknown) => Readonly<{ userId: string }> = parseBy(fields({ userId }));

export const parseEmailQuestion: (data: unknown) => Readonly<{ emailHash: string }> = parseBy(
  fields({ emailHash: id }),
);

/** What the question `profileOf` answers. */
export type Profile = Person &
  Readonly<{ userId: string; roles: readonly Role[]; changes: number; emailHash: string | null }>;
