import type { UserEvent } from '../../domains/users/events.js';
import { hour, rowAfterFor } from '../shared/testing/rows.js';
import { accounts } from './projection.js';

const userId = 'u1';
const ada = { email: 'ada@example.com', name: 'Ada', phone: null };
const registered: UserEvent = {
  type: 'UserRegistered',
  data: { userId, ...ada, emailHash: 'h1', roles: ['customer'] },
};
const countess = { email: 'countess@example.com', name: 'Ada Lovelace', phone: '0731' };
const addresses = { emailHash: 'h2', previousEmailHash: 'h1', claimId: 'c2', previousClaimId: userId };
const profileChanged: UserEvent = { type: 'UserProfileChanged', data: { userId, ...countess, ...addresses } };
const rolesChanged: UserEvent = { type: 'UserRolesChanged', data: { userId, roles: ['customer', 'staff'] } };
const deactivated: UserEvent = { type: 'UserDeactivated', data: { userId } };
const asked: UserEvent = { type: 'ErasureRequested', data: { userId, requestId: 'r1' } };
const withdrawn: UserEvent = { type: 'ErasureWithdrawn', data: { userId, requestId: 'r1' } };
const erased: UserEvent = { type: 'UserErased', data: { userId } };
const abandoned: UserEvent = { type: 'RegistrationAbandoned', data: { userId, claimId: 'c2' } };

const rowAfter = rowAfterFor(accounts);
const account = { id: userId, ...ada, roles: ['customer'], status: 'ACTIVE', registeredAt: hour(0) };

describe('an account', () => {
  it('is there once the person has registered', () => expect(rowAfter(registered)).toEqual(account));

  it.each<[string, UserEvent, object]>([
    ['another profile', profileChanged, countess],
    ['other roles', rolesChanged, { roles: ['customer', 'staff'] }],
    ['been deactivated', deactivated, { status: 'DEACTIVATED' }],
  ])('has %s', (_, event, change) => expect(rowAfter(registered, event)).toEqual({ ...account, ...change }));

  it('has nothing that can no longer be read', () => {
    const unreadable = { email: null, name: null, phone: null };
    const event: UserEvent = { type: 'UserProfileChanged', data: { userId, ...unreadable, ...addresses } };
    expect(rowAfter(registered, event)).toEqual({ ...account, ...unreadable });
  });

  it.each([
    ['an erasure is asked for', [asked]],
    ['an erasure is withdrawn', [asked, withdrawn]],
    ['a change of address is given up', [abandoned]],
  ])('is the same when %s', (_, events) => expect(rowAfter(registered, ...events)).toEqual(account));

  it('goes with the person', () => expect(rowAfter(registered, asked, erased)).toBeUndefined());

  it('does not come back', () => expect(rowAfter(registered, erased, profileChanged)).toBeUndefined());

  it('is not made by a registration that was given up', () => expect(rowAfter(abandoned)).toBeUndefined());

  it('keeps everything readable in the fields that are personal', () => {
    const { personal = [] } = accounts;
    const kept = Object.entries(rowAfter(registered, profileChanged) ?? {});
    const others = kept.filter(([name]) => !personal.some((field) => field === name));
    expect(JSON.stringify(others)).not.toMatch(/Lovelace|countess|0731/);
  });
});
