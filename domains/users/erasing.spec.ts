import { givenFor } from '../shared/testing/given.js';
import type { UserCommand } from './commands.js';
import type { UserEvent } from './events.js';
import { user } from './user.js';

const given = givenFor(user);
const ada = { email: 'ada@example.org', name: 'Ada', phone: null };
const registered: UserEvent = {
  type: 'UserRegistered',
  data: { userId: 'u1', ...ada, emailHash: 'a', roles: ['customer'] },
};
const deactivated: UserEvent = { type: 'UserDeactivated', data: { userId: 'u1' } };
const abandoned: UserEvent = { type: 'RegistrationAbandoned', data: { userId: 'u1', claimId: 'u1' } };
const requested = (requestId = 'r1'): UserEvent => ({ type: 'ErasureRequested', data: { userId: 'u1', requestId } });
const withdrawn = (requestId = 'r1'): UserEvent => ({ type: 'ErasureWithdrawn', data: { userId: 'u1', requestId } });
const erased: UserEvent = { type: 'UserErased', data: { userId: 'u1' } };

describe('an erasure', () => {
  const erase: UserCommand = { type: 'EraseUser', data: { userId: 'u1', requestId: 'r1' } };
  const gone = 'user.erasure_withdrawn';
  it('happens', () => given(registered, requested()).when(erase).thenEmits(erased));
  it('happens after a deactivation', () => given(registered, deactivated, requested()).when(erase).thenEmits(erased));
  it('is ignored when repeated', () => given(registered, requested(), erased).when(erase).thenEmits());
  it('is refused without a request', () => given(registered).when(erase).thenRejects(gone));
  it('is refused once its request was withdrawn, also where another stands', () =>
    given(registered, requested(), requested('r2'), withdrawn()).when(erase).thenRejects(gone));
  it('happens where the request of another was withdrawn', () =>
    given(registered, requested(), requested('r2'), withdrawn('r2')).when(erase).thenEmits(erased));
  it('is ignored when it is repeated for no request', () =>
    given(registered, requested(), erased)
      .when({ type: 'EraseUser', data: { userId: 'u1', requestId: null } })
      .thenEmits());
  it('needs a person', () => given().when(erase).thenRejects('user.not_found'));
  it('needs a person who was registered', () => given(abandoned).when(erase).thenRejects('user.not_found'));
  it('leaves nothing personal', () =>
    expect([registered, erased].reduce(user.evolve, user.initial)).toMatchObject({
      email: null,
      name: null,
      phone: null,
    }));
});

describe('a request for erasure', () => {
  const request: UserCommand = { type: 'RequestErasure', data: { userId: 'u1', requestId: 'r1' } };
  const withdraw: UserCommand = { type: 'WithdrawErasure', data: { userId: 'u1', requestId: 'r1' } };
  it('is recorded', () => given(registered).when(request).thenEmits(requested()));
  it('is recorded beside another', () => given(registered, requested('r2')).when(request).thenEmits(requested()));
  it('is ignored when repeated', () => given(registered, requested()).when(request).thenEmits());
  it('is ignored once the person is erased', () =>
    given(registered, requested('r2'), erased).when(request).thenEmits());
  it('needs a person', () => given().when(request).thenRejects('user.not_found'));
  it('needs a person who was registered', () => given(abandoned).when(request).thenRejects('user.not_found'));
  it('is withdrawn', () => given(registered, requested()).when(withdraw).thenEmits(withdrawn()));
  it('is withdrawn once', () => given(registered, requested(), withdrawn()).when(withdraw).thenEmits());
  it('is not withdrawn once the person is erased', () =>
    given(registered, requested(), erased).when(withdraw).thenEmits());
});
