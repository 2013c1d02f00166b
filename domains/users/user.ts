import { abandoning, keepingName, takingName, unused, uses, type Usage } from '../shared/claim.js';
import type { Decider } from '../shared/decider.js';
import { DomainError } from '../shared/errors.js';
import type { AbandonClaim, ChangeProfile, ChangeRoles, EraseUser, UserCommand, UserStatus } from './commands.js';
import type { Person, Role, UserEvent } from './events.js';

/** A person. `address` tells their addresses, by HMAC; the personal fields are `null` unless they were opened. */
export type User = Person &
  Readonly<{
    status: UserStatus;
    roles: readonly Role[];
    /** How often the profile was changed. */
    changes: number;
    address: Usage;
    /** The requests to erase the person that stand. */
    erasures: readonly string[];
  }>;

const nobody: Person = { email: null, name: null, phone: null };

const decide = (command: UserCommand, user: User): readonly UserEvent[] => {
  const { type, data } = command;
  switch (type) {
    case 'RegisterUser': {
      if (user.status === 'abandoned')
        throw new DomainError('user.registration_abandoned', 'The registration took too long; begin another one');
      if (user.status !== 'none') throw new DomainError('user.already_registered', `User ${data.userId} is registered`);
      const { userId, email, emailHash, name, phone, roles } = data;
      return [{ type: 'UserRegistered', data: { userId, email, emailHash, name, phone, roles } }];
    }
    case 'ChangeProfile':
      return changeProfile(data, user);
    case 'ChangeRoles':
      return changeRoles(data, user);
    case 'DeactivateUser':
      if (user.status === 'deactivated') return [];
      if (user.status !== 'active') throw notFound(data.userId);
      return [{ type: 'UserDeactivated', data: { userId: data.userId } }];
    case 'RequestErasure':
      if (!isToBeErased(data, user) || user.erasures.includes(data.requestId)) return [];
      return [{ type: 'ErasureRequested', data }];
    case 'WithdrawErasure':
      return user.erasures.includes(data.requestId) ? [{ type: 'ErasureWithdrawn', data }] : [];
    case 'EraseUser':
      return eraseUser(data, user);
    case 'AbandonClaim':
      return abandonClaim(data, user);
  }
};

const changeProfile = (data: ChangeProfile['data'], { status, changes, address }: User): readonly UserEvent[] => {
  const { userId, present, wanted, emailHash, previousEmailHash, claimId } = data;
  if (status !== 'active') throw notFound(userId);
  if (address.changes.includes(claimId)) return [];
  if (address.abandoned.includes(claimId))
    throw new DomainError('user.change_abandoned', 'The change of address took too long; send another one');
  if (data.changes !== changes)
    throw new DomainError('command.conflict', 'The profile was changed in the meantime; send it again');
  if (isSamePerson(present, wanted) && emailHash === (address.inUse?.name ?? null)) return [];
  const previousClaimId = address.inUse?.claimId ?? null;
  const addresses = { emailHash, previousEmailHash, claimId, previousClaimId };
  return [{ type: 'UserProfileChanged', data: { userId, ...wanted, ...addresses } }];
};

const isSamePerson = (one: Person, other: Person) =>
  one.email === other.email && one.name === other.name && one.phone === other.phone;

const changeRoles = ({ userId, roles }: ChangeRoles['data'], user: User): readonly UserEvent[] => {
  if (user.status !== 'active') throw notFound(userId);
  const wanted = new Set(roles);
  const isSame = wanted.size === user.roles.length && user.roles.every((role) => wanted.has(role));
  return isSame ? [] : [{ type: 'UserRolesChanged', data: { userId, roles: [...wanted] } }];
};

/** @throws DomainError `user.not_found` where there never was such a person. */
const isToBeErased = ({ userId }: Readonly<{ userId: string }>, { status }: User): boolean => {
  if (status === 'none' || status === 'abandoned') throw notFound(userId);
  return status !== 'erased';
};

/** Whoever took so long that the request was withdrawn has looked for orders too early. */
const eraseUser = ({ userId, requestId }: EraseUser['data'], user: User): readonly UserEvent[] => {
  if (!isToBeErased({ userId }, user)) return [];
  if (requestId === null || !user.erasures.includes(requestId))
    throw new DomainError('user.erasure_withdrawn', 'The erasure took too long and was given up; ask for it again');
  return [{ type: 'UserErased', data: { userId } }];
};

const abandonClaim = ({ userId, claimId, emailHash }: AbandonClaim['data'], user: User): readonly UserEvent[] => {
  const { status, address } = user;
  if (status === 'erased') return [];
  if (uses(address, emailHash, claimId)) throw new DomainError('user.email_taken', 'The address is in use');
  if (address.abandoned.includes(claimId)) return [];
  return [{ type: 'RegistrationAbandoned', data: { userId, claimId } }];
};

const evolve = (user: User, { type, data }: UserEvent): User => {
  switch (type) {
    case 'UserRegistered': {
      const { userId, email, emailHash, name, phone, roles } = data;
      const address = { ...user.address, inUse: { name: emailHash, claimId: userId } };
      return { ...user, status: 'active', email, name, phone, roles, address };
    }
    case 'UserProfileChanged': {
      const { email, name, phone, emailHash, previousEmailHash, claimId } = data;
      const address =
        emailHash === null || emailHash === previousEmailHash
          ? keepingName(user.address, claimId, emailHash)
          : takingName(user.address, claimId, emailHash);
      return { ...user, email, name, phone, address, changes: user.changes + 1 };
    }
    case 'UserRolesChanged':
      return { ...user, roles: data.roles };
    case 'UserDeactivated':
      return { ...user, status: 'deactivated' };
    case 'ErasureRequested':
      return { ...user, erasures: [...user.erasures, data.requestId] };
    case 'ErasureWithdrawn':
      return { ...user, erasures: user.erasures.filter((requestId) => requestId !== data.requestId) };
    case 'UserErased':
      return { ...user, ...nobody, status: 'erased', roles: [], erasures: [] };
    case 'RegistrationAbandoned': {
      const status = user.status === 'none' ? 'abandoned' : user.status;
      return { ...user, status, address: abandoning(user.address, data.claimId) };
    }
  }
};

const notFound = (userId: string) => new DomainError('user.not_found', `There is no user ${userId}`);

export const user: Decider<User, UserCommand, UserEvent> = {
  initial: { ...nobody, status: 'none', roles: [], changes: 0, address: unused, erasures: [] },
  decide,
  evolve,
};
