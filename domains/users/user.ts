import type { Decider } from '../shared/decider.js';
import { DomainError } from '../shared/errors.js';
import type { RegisterUser } from './commands.js';
import type { Role, UserEvent } from './events.js';

export type User = Readonly<{ status: 'none' }> | Readonly<{ status: 'active'; roles: readonly Role[] }>;

const decide = ({ data }: RegisterUser, user: User): readonly UserEvent[] => {
  if (user.status !== 'none') throw new DomainError('user.already_registered', `User ${data.userId} is registered`);
  const { userId, email, name, phone, roles } = data;
  return [{ type: 'UserRegistered', data: { userId, email, name, phone, roles } }];
};

const evolve = (_user: User, { data }: UserEvent): User => ({ status: 'active', roles: data.roles });

export const user: Decider<User, RegisterUser, UserEvent> = { initial: { status: 'none' }, decide, evolve };
