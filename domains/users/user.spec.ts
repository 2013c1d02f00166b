import { givenFor } from '../shared/testing/given.js';
import { upcast } from '../shared/upcast.js';
import type { AbandonClaim, ChangeProfile, RegisterUser, UserCommand } from './commands.js';
import type { Role, UserEvent } from './events.js';
import { userUpcasters } from './upcasters.js';
import { user } from './user.js';

const given = givenFor(user);
const ada = { email: 'ada@example.org', name: 'Ada', phone: null };
const register: RegisterUser = {
  type: 'RegisterUser',
  data: { userId: 'u1', ...ada, emailHash: 'a', roles: ['customer'] },
};
const registered: UserEvent = { type: 'UserRegistered', data: register.data };
const registeredLongAgo: UserEvent = { type: 'UserRegistered', data: { ...register.data, emailHash: null } };
const deactivated: UserEvent = { type: 'UserDeactivated', data: { userId: 'u1' } };
const erased: UserEvent = { type: 'UserErased', data: { userId: 'u1' } };
const abandoned = (claimId: string): UserEvent => ({ type: 'RegistrationAbandoned', data: { userId: 'u1', claimId } });

const change = (over: Partial<ChangeProfile['data']> = {}): ChangeProfile => ({
  type: 'ChangeProfile',
  data: {
    userId: 'u1',
    present: ada,
    wanted: { ...ada, email: 'countess@example.org' },
    emailHash: 'b',
    previousEmailHash: 'a',
    changes: 0,
    claimId: 'change1',
    ...over,
  },
});
const changed = (over: Partial<Extract<UserEvent, { type: 'UserProfileChanged' }>['data']> = {}): UserEvent => ({
  type: 'UserProfileChanged',
  data: {
    userId: 'u1',
    ...ada,
    email: 'countess@example.org',
    emailHash: 'b',
    previousEmailHash: 'a',
    claimId: 'change1',
    previousClaimId: 'u1',
    ...over,
  },
});

describe('a registration', () => {
  it('makes a user', () => given().when(register).thenEmits(registered));
  it('is not made twice', () => given(registered).when(register).thenRejects('user.already_registered'));
  it('is not made for a person who was erased', () =>
    given(registered, erased).when(register).thenRejects('user.already_registered'));
  it('is not made for a person who was deactivated', () =>
    given(registered, deactivated).when(register).thenRejects('user.already_registered'));
  it('cannot go on once its claim was given up', () =>
    given(abandoned('u1')).when(register).thenRejects('user.registration_abandoned'));
});

describe('a change of the profile', () => {
  it('gives the person another address', () => given(registered).when(change()).thenEmits(changed()));
  it('gives the person another name, and leaves the address', () => {
    const wanted = { ...ada, name: 'Countess' };
    given(registered)
      .when(change({ wanted, emailHash: 'a' }))
      .thenEmits(changed({ ...wanted, emailHash: 'a' }));
  });
  it('names the claim that it replaces', () =>
    given(registered, changed())
      .when(change({ changes: 1, claimId: 'change2', previousEmailHash: 'b', emailHash: 'c' }))
      .thenEmits(changed({ claimId: 'change2', previousEmailHash: 'b', emailHash: 'c', previousClaimId: 'change1' })));
  it('is ignored where it changes nothing', () =>
    given(registered)
      .when(change({ wanted: ada, emailHash: 'a' }))
      .thenEmits());
  it('is ignored when repeated', () => given(registered, changed()).when(change()).thenEmits());
  it('is refused where another was faster', () =>
    given(registered, changed({ claimId: 'change0' }))
      .when(change())
      .thenRejects('command.conflict'));
  it('is refused once its claim was given up', () =>
    given(registered, abandoned('change1')).when(change()).thenRejects('user.change_abandoned'));
  it('goes on when another claim was given up', () =>
    given(registered, abandoned('change0')).when(change()).thenEmits(changed()));
  it('takes note of an address whose hash was not recorded', () =>
    given(registeredLongAgo)
      .when(change({ wanted: ada, emailHash: 'a' }))
      .thenEmits(changed({ ...ada, emailHash: 'a' })));
  it('leaves an address whose hash was not recorded', () => {
    const wanted = { ...ada, name: 'Countess' };
    const addresses = { emailHash: null, previousEmailHash: null };
    given(registeredLongAgo)
      .when(change({ wanted, ...addresses }))
      .thenEmits(changed({ ...wanted, ...addresses }));
  });
});

describe('roles', () => {
  const to = (...roles: Role[]): UserCommand => ({ type: 'ChangeRoles', data: { userId: 'u1', roles } });
  const become = (...roles: Role[]): UserEvent => ({ type: 'UserRolesChanged', data: { userId: 'u1', roles } });
  it('are changed', () => given(registered).when(to('staff', 'admin')).thenEmits(become('staff', 'admin')));
  it('are each named once', () => given(registered).when(to('staff', 'staff')).thenEmits(become('staff')));
  it('stay as they are', () => given(registered).when(to('customer')).thenEmits());
  it('stay as they are, in any order', () =>
    given(registered, become('staff', 'admin')).when(to('admin', 'staff')).thenEmits());
  it('can be fewer', () => given(registered, become('staff', 'admin')).when(to('staff')).thenEmits(become('staff')));
});

describe('a deactivation', () => {
  const deactivate: UserCommand = { type: 'DeactivateUser', data: { userId: 'u1' } };
  it('happens', () => given(registered).when(deactivate).thenEmits(deactivated));
  it('is ignored when repeated', () => given(registered, deactivated).when(deactivate).thenEmits());
  it('is not for a person who was erased', () =>
    given(registered, erased).when(deactivate).thenRejects('user.not_found'));
  it('needs a person', () => given().when(deactivate).thenRejects('user.not_found'));
  it('needs a person who was registered', () => given(abandoned('u1')).when(deactivate).thenRejects('user.not_found'));
});

describe.each([
  ['there is nobody', []],
  ['the registration was given up', [abandoned('u1')]],
  ['the person is deactivated', [registered, deactivated]],
  ['the person is erased', [registered, erased]],
])('where %s', (_, history) => {
  const changeRoles: UserCommand = { type: 'ChangeRoles', data: { userId: 'u1', roles: ['customer'] } };
  it.each([change(), changeRoles])('$type is refused', (command) =>
    given(...history)
      .when(command)
      .thenRejects('user.not_found'),
  );
});

describe('a claim to an address is given up', () => {
  const abandon = (claimId: string, emailHash: string): AbandonClaim => ({
    type: 'AbandonClaim',
    data: { userId: 'u1', claimId, emailHash },
  });
  it('before a registration', () => given().when(abandon('u1', 'a')).thenEmits(abandoned('u1')));
  it('before a change of address', () =>
    given(registered).when(abandon('change1', 'b')).thenEmits(abandoned('change1')));
  it('after a change to another', () =>
    given(registered, changed()).when(abandon('u1', 'a')).thenEmits(abandoned('u1')));
  it('once', () => given(abandoned('u1')).when(abandon('u1', 'a')).thenEmits());
  it('without a word where the person was erased', () =>
    given(registered, erased).when(abandon('u1', 'a')).thenEmits());
  it('not while the address is in use', () =>
    given(registered).when(abandon('u1', 'a')).thenRejects('user.email_taken'));
  it('not while a deactivated person has the address', () =>
    given(registered, deactivated).when(abandon('u1', 'a')).thenRejects('user.email_taken'));
  it('not while it is in use, also where a claim of the same id was given up before', () =>
    given(registered, abandoned('u1')).when(abandon('u1', 'a')).thenRejects('user.email_taken'));
  it('not where it is that of a person whose hash was not recorded', () =>
    given(registeredLongAgo).when(abandon('u1', 'a')).thenRejects('user.email_taken'));
  it('where it is for a change that such a person did not make', () =>
    given(registeredLongAgo).when(abandon('change1', 'b')).thenEmits(abandoned('change1')));
});

describe('a registration of the first schema version', () => {
  it('does not tell the hash of the address', () => {
    const { emailHash, ...stored } = register.data;
    const data = upcast(userUpcasters, { type: 'UserRegistered', data: stored }, 1, 2);
    expect(emailHash).toBe('a');
    expect(data).toEqual({ ...stored, emailHash: null });
  });
});
