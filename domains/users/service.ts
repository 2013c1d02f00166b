import { changeOfName, type Claim, type ClaimKey, type NameInUse } from '../shared/claim.js';
import { DomainError } from '../shared/errors.js';
import type { CommandDefinition, Service, Step } from '../shared/service.js';
import { emailAggregate, userAggregate } from './aggregates.js';
import {
  parseChangeProfile,
  parseChangeRoles,
  parseEraseUser,
  parseErasureRequest,
  parseRegisterUser,
  parseSettleEmailClaim,
  parseUserQuestion,
  type ChangeRoles,
  type DeactivateUser,
  type EmailCommand,
  type ErasureOrder,
  type ProfileRequest,
  type RegisterUser,
  type RequestErasure,
  type SettlementRequest,
  type UserCommand,
  type WithdrawErasure,
} from './commands.js';
import type { Person } from './events.js';
import { userPolicies } from './policies.js';
import { questions, type ChangeBasis } from './questions.js';
import type { User } from './user.js';

const userStep = (command: UserCommand): Step => ({ aggregate: userAggregate, id: command.data.userId, command });

const emailStep = (emailHash: string, command: EmailCommand): Step => ({
  aggregate: emailAggregate,
  id: emailHash,
  command,
});

const releaseStep = (emailHash: string, claim: ClaimKey | null): Step =>
  emailStep(emailHash, { type: 'ReleaseEmail', data: { claim } });

const idAndRoles = ({ roles }: User, { userId }: Readonly<{ userId: string }>) => ({ id: userId, roles });

/** The address is claimed first, so that two people never hold one. */
const registerUser: CommandDefinition<RegisterUser['data']> = {
  parse: parseRegisterUser,
  steps: (data, _answers, { at }) => {
    const claim = { holder: data.userId, claimId: data.userId, claimedAt: at };
    return [
      emailStep(data.emailHash, { type: 'ClaimEmail', data: { claim } }),
      userStep({ type: 'RegisterUser', data }),
    ];
  },
  answer: idAndRoles,
};

/** A new address is claimed before the person takes it, and the old one released after. */
const changeProfile: CommandDefinition<ProfileRequest> = {
  parse: parseChangeProfile,
  changes: ({ userId }) => ({ aggregate: userAggregate, id: userId }),
  asks: ({ userId }) => ({ basis: { context: 'users', question: 'changeBasisOf', data: { userId } } }),
  steps: (request, { basis }, { commandId, at }) => {
    const { userId, emailHash } = request;
    if (basis === null) throw new DomainError('user.not_found', `There is no user ${userId}`);
    const { person, changes, address } = basis as ChangeBasis;
    const previousEmailHash = presentEmailHash(basis as ChangeBasis, request);
    const change = userStep({
      type: 'ChangeProfile',
      data: {
        userId,
        present: person,
        wanted: merged(person, request),
        emailHash: emailHash ?? previousEmailHash,
        previousEmailHash,
        changes,
        claimId: commandId,
      },
    });
    if (emailHash === null) return previousEmailHash === null ? [change] : [change, nothingReleased(previousEmailHash)];
    const usage = { ...address, inUse: address.inUse && { ...address.inUse, name: previousEmailHash } };
    const { claim, release } = changeOfName(usage, emailHash, commandId);
    const after = release?.name ? releaseStep(release.name, keyOf(userId, release)) : nothingReleased(emailHash);
    if (claim === null) return [change, after];
    const claimed: Claim = { ...keyOf(userId, claim), claimedAt: at };
    return [emailStep(emailHash, { type: 'ClaimEmail', data: { claim: claimed } }), change, after];
  },
  answer: idAndRoles,
};

/**
 * Takes the place of a release, so that a change has several steps whatever it changes: the ids of its steps follow from
 * that, and a repeat, also one with another body, must give the person's step the id that it had at first.
 */
const nothingReleased = (emailHash: string): Step => releaseStep(emailHash, null);

/** Registrations of the first schema version did not record it. */
const presentEmailHash = ({ person, address }: ChangeBasis, request: ProfileRequest): string | null =>
  address.inUse?.name ?? request.presentEmailHash ?? (person.email === request.email ? request.emailHash : null);

const merged = (present: Person, { email, name, phone }: ProfileRequest): Person => ({
  email: email ?? present.email,
  name: name ?? present.name,
  phone: phone ?? present.phone,
});

const keyOf = (userId: string, { claimId }: NameInUse): ClaimKey => ({ holder: userId, claimId });

const changeRoles: CommandDefinition<ChangeRoles['data']> = {
  parse: parseChangeRoles,
  steps: (data) => [userStep({ type: 'ChangeRoles', data })],
  answer: idAndRoles,
};

const deactivateUser: CommandDefinition<DeactivateUser['data']> = {
  parse: parseUserQuestion,
  steps: (data) => [userStep({ type: 'DeactivateUser', data })],
};

/** From then on no order is placed for the person: whoever looks for open ones after it sees the last of them. */
const requestErasure: CommandDefinition<RequestErasure['data']> = {
  parse: parseErasureRequest,
  steps: (data) => [userStep({ type: 'RequestErasure', data })],
  answer: ({ status }: User) => ({ isErased: status === 'erased' }),
};

const withdrawErasure: CommandDefinition<WithdrawErasure['data']> = {
  parse: parseErasureRequest,
  steps: (data) => [userStep({ type: 'WithdrawErasure', data })],
};

/** Also where the person is erased already, the address is released: the first time may not have come to it. */
const eraseUser: CommandDefinition<ErasureOrder> = {
  parse: parseEraseUser,
  asks: ({ userId }) => ({ address: { context: 'users', question: 'addressOf', data: { userId } } }),
  steps: ({ userId, requestId, emailHash }, { address }) => {
    const erase = userStep({ type: 'EraseUser', data: { userId, requestId } });
    const used = address as NameInUse | null;
    const name = used?.name ?? emailHash;
    return used && name !== null ? [erase, releaseStep(name, keyOf(userId, used))] : [erase];
  },
};

/** The holder's stream first takes note that the claim is given up: whoever made it, however slow, cannot go on. */
const settleEmailClaim: CommandDefinition<SettlementRequest> = {
  parse: parseSettleEmailClaim,
  asks: ({ emailHash }) => ({ claim: { context: 'users', question: 'claimOn', data: { emailHash } } }),
  steps: ({ emailHash, claimId }, answers) => {
    const claim = answers['claim'] as Claim | null;
    const settle = (settled: ClaimKey | null) =>
      emailStep(emailHash, { type: 'SettleEmailClaim', data: { claim: settled } });
    if (claim?.claimId !== claimId) return [settle(null)];
    return [userStep({ type: 'AbandonClaim', data: { userId: claim.holder, claimId, emailHash } }), settle(claim)];
  },
};

export const users: Service = {
  context: 'users',
  aggregates: [userAggregate, emailAggregate],
  commands: {
    RegisterUser: registerUser,
    ChangeProfile: changeProfile,
    ChangeRoles: changeRoles,
    DeactivateUser: deactivateUser,
    RequestErasure: requestErasure,
    WithdrawErasure: withdrawErasure,
    EraseUser: eraseUser,
    SettleEmailClaim: settleEmailClaim,
  },
  questions,
  policies: userPolicies,
};
