import type { Claim, NameInUse, Usage } from '../shared/claim.js';
import type { Personal } from '../shared/event-schema.js';
import type { QuestionDefinition } from '../shared/service.js';
import { emailAggregate, userAggregate } from './aggregates.js';
import { parseEmailQuestion, parseUserQuestion, type Profile, type UserStatus } from './commands.js';
import type { Email } from './email.js';
import type { Person } from './events.js';
import type { User } from './user.js';

type UserQuestion = Readonly<{ userId: string }>;

/** A question about one person. */
const ofUser = (answer: (user: User, userId: string) => unknown): QuestionDefinition<UserQuestion> => ({
  parse: parseUserQuestion,
  reads: ({ userId }) => [{ aggregate: userAggregate, id: userId }],
  answer: ([found]: readonly User[], { userId }) => found && answer(found, userId),
});

/** As `ofUser`, about personal fields; `none` is the answer where the person is not active. */
const ofActiveUser = (answer: (user: User, userId: string) => unknown, none: unknown = null) => ({
  ...ofUser((user, userId) => (user.status === 'active' ? answer(user, userId) : none)),
  opensPersonal: true as const,
});

const personOf = ({ email, name, phone }: User): Person => ({ email, name, phone });

/** Whether orders may be placed for the person: not once somebody is about to erase them. */
const isActive = ofUser(({ status, erasures }) => status === 'active' && erasures.length === 0);

/** Whether there is such a person, who may be deactivated: not before the registration, nor after the erasure. */
const isRegistered = ofUser(({ status }) => status === 'active' || status === 'deactivated');

/** Where the person stands, also one who never was, or is no more. */
const statusOf = ofUser(({ status }): UserStatus => status);

/** The person's roles; `null` where there is no such person. */
const rolesOf = ofUser(({ status, roles }) => (status === 'active' ? roles : null));

/** The person's profile; `null` where there is no such person. */
const profileOf = ofActiveUser((user, userId): Profile => {
  const { roles, changes, address } = user;
  return { userId, ...personOf(user), roles, changes, emailHash: address.inUse?.name ?? null };
});

/** What `changeBasisOf` answers. */
export type ChangeBasis = Readonly<{ person: Person; changes: number; address: Usage }>;

/** What a change of the profile starts from, as it is at one moment; `null` where there is no such person. */
const changeBasisOf = ofActiveUser((user): ChangeBasis => ({
  person: personOf(user),
  changes: user.changes,
  address: user.address,
}));

/** Where the person can be reached; `null` where there is no such person. */
const recipientOf = ofActiveUser(personOf);

const isKnown = (value: Personal<string>) => value !== null;

/** By which channels the person can be reached. */
const channelsOf = ofActiveUser(({ email, phone }) => ({ email: isKnown(email), phone: isKnown(phone) }), {
  email: false,
  phone: false,
});

/** The address that the person uses, or used until they were erased; `null` where there never was such a person. */
const addressOf = ofUser(({ address }): NameInUse | null => address.inUse);

/** The claim that stands on an address, or `null`. */
const claimOn: QuestionDefinition<Readonly<{ emailHash: string }>> = {
  parse: parseEmailQuestion,
  reads: ({ emailHash }) => [{ aggregate: emailAggregate, id: emailHash }],
  answer: ([found]: readonly Email[]): Claim | null => found?.claim ?? null,
};

export const questions = {
  isActive,
  isRegistered,
  statusOf,
  rolesOf,
  profileOf,
  changeBasisOf,
  recipientOf,
  channelsOf,
  addressOf,
  claimOn,
};
