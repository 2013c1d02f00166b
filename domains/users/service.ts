import type { Aggregate, CommandDefinition, QuestionDefinition, Service } from '../shared/service.js';
import { parseRegisterUser, parseUserQuestion, type ClaimEmail, type RegisterUser } from './commands.js';
import { email, type Email } from './email.js';
import { emailEvents, userEvents, type EmailEvent, type UserEvent } from './events.js';
import { user, type User } from './user.js';
import { userUpcasters, emailUpcasters } from './upcasters.js';

const userAggregate: Aggregate<User, RegisterUser, UserEvent> = {
  category: 'user',
  decider: user,
  events: userEvents,
  upcasters: userUpcasters,
};
const emailAggregate: Aggregate<Email, ClaimEmail, EmailEvent> = {
  category: 'email',
  decider: email,
  events: emailEvents,
  upcasters: emailUpcasters,
};

/** The address is claimed first, so that two people never hold one. */
const registerUser: CommandDefinition<RegisterUser['data']> = {
  parse: parseRegisterUser,
  steps: (data) => [
    { aggregate: emailAggregate, id: data.emailHash, command: { type: 'ClaimEmail', data: { userId: data.userId } } },
    { aggregate: userAggregate, id: data.userId, command: { type: 'RegisterUser', data } },
  ],
};

type UserQuestion = Readonly<{ userId: string }>;
const reads = ({ userId }: UserQuestion) => [{ aggregate: userAggregate, id: userId }];

/** Whether the person can place orders. */
const isActive: QuestionDefinition<UserQuestion> = {
  parse: parseUserQuestion,
  reads,
  answer: ([found]: readonly User[]) => found?.status === 'active',
};

/** The person's roles; `null` where there is no such person. */
const rolesOf: QuestionDefinition<UserQuestion> = {
  parse: parseUserQuestion,
  reads,
  answer: ([found]: readonly User[]) => (found?.status === 'active' ? found.roles : null),
};

export const users: Service = {
  context: 'users',
  aggregates: [userAggregate, emailAggregate],
  commands: { RegisterUser: registerUser },
  questions: { isActive, rolesOf },
  policies: [],
};
