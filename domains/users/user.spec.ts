import { givenFor } from '../shared/given.js';
import type { RegisterUser } from './commands.js';
import type { UserEvent } from './events.js';
import { user } from './user.js';

const given = givenFor(user);
const person = { userId: 'u1', email: 'ada@example.org', name: 'Ada', phone: null, roles: ['customer'] } as const;
const register: RegisterUser = { type: 'RegisterUser', data: { ...person, emailHash: 'h1' } };
const registered: UserEvent = { type: 'UserRegistered', data: person };

describe('a user', () => {
  it('is registered, without the hash of the address', () => given().when(register).thenEmits(registered));
  it('is not registered twice', () => given(registered).when(register).thenRejects('user.already_registered'));
});
