import { contextInMemory } from '../shared/testing/interleaving.js';
import type { Step } from '../shared/service.js';
import { parseChangeProfile, parseRegisterUser } from './commands.js';
import { users } from './service.js';
import { user } from './user.js';

const at = '2026-01-01T00:00:00.000Z';
const userId = 'u1';
const ada = {
  userId,
  email: 'ada@example.org',
  emailHash: 'a',
  name: 'Ada',
  phone: '+49 1',
  roles: ['customer'],
} as const;

/** A context in which Ada is registered and the commands were taken; each has its place in the list as its id. */
const after = (...commands: readonly (readonly [type: string, data: object])[]) => {
  const context = contextInMemory(users);
  [['RegisterUser', ada] as const, ...commands].forEach(([type, data], index) => {
    expect(context.send(type, { userId, ...data }, { commandId: String(index), at })).toBeNull();
  });
  return context;
};
const rename = ['ChangeProfile', { name: 'Countess' }] as const;
const move = ['ChangeProfile', { email: 'b@example.org', emailHash: 'b' }] as const;

const erasure = [
  ['RequestErasure', { requestId: 'r1' }],
  ['EraseUser', { requestId: 'r1' }],
] as const;

describe('of an active user', () => {
  it.each([
    ['isActive', true],
    ['isRegistered', true],
    ['rolesOf', ['customer']],
    ['recipientOf', { email: ada.email, name: 'Ada', phone: '+49 1' }],
    ['channelsOf', { email: true, phone: true }],
    ['addressOf', { name: 'a', claimId: 'u1' }],
    [
      'profileOf',
      { userId, email: ada.email, name: 'Ada', phone: '+49 1', roles: ['customer'], changes: 0, emailHash: 'a' },
    ],
  ])('%s tells', (question, answer) => expect(after().ask(question, { userId })).toEqual(answer));
  it('a change shows, and leaves what it does not name', () =>
    expect(after(rename, move).ask('profileOf', { userId })).toMatchObject({
      name: 'Countess',
      email: 'b@example.org',
      phone: '+49 1',
      changes: 2,
      emailHash: 'b',
    }));
  it('new roles show', () =>
    expect(after(['ChangeRoles', { roles: ['staff'] }]).ask('rolesOf', { userId })).toEqual(['staff']));
});

describe.each([
  ['is deactivated', after(['DeactivateUser', {}])],
  ['is erased', after(...erasure)],
  ['never was', contextInMemory(users)],
])('of a user who %s', (_, context) => {
  it.each([
    ['isActive', false],
    ['rolesOf', null],
    ['profileOf', null],
    ['changeBasisOf', null],
    ['recipientOf', null],
    ['channelsOf', { email: false, phone: false }],
  ])('%s tells nothing', (question, answer) => expect(context.ask(question, { userId })).toEqual(answer));
  it('the profile is not changed, and nothing is claimed', () => {
    expect(context.send('ChangeProfile', { userId, ...move[1] }, { commandId: 'x', at })).toBe('user.not_found');
    expect(context.ask('claimOn', { emailHash: 'b' })).toBeNull();
  });
});

describe.each([
  ['is deactivated', after(['DeactivateUser', {}]), 'deactivated', true],
  ['is erased', after(...erasure), 'erased', false],
  ['never was', contextInMemory(users), 'none', false],
])('a user who %s', (_, context, status, isRegistered) => {
  it('has a status', () => expect(context.ask('statusOf', { userId })).toBe(status));
  it(`is ${isRegistered ? '' : 'not '}registered`, () =>
    expect(context.ask('isRegistered', { userId })).toBe(isRegistered));
});

describe('a user whose erasure was requested', () => {
  const requested = after(['RequestErasure', { requestId: 'r1' }]);
  it('places no orders, and is otherwise as before', () => {
    expect(requested.ask('isActive', { userId })).toBe(false);
    expect(requested.ask('isRegistered', { userId })).toBe(true);
    expect(requested.ask('rolesOf', { userId })).toEqual(['customer']);
  });
  it('is active again once it was withdrawn', () => {
    expect(requested.send('WithdrawErasure', { userId, requestId: 'r1' }, { commandId: 'x', at })).toBeNull();
    expect(requested.ask('isActive', { userId })).toBe(true);
  });
});

describe('the claim on an address', () => {
  it('tells whose it is and since when', () =>
    expect(after().ask('claimOn', { emailHash: 'a' })).toEqual({ holder: 'u1', claimId: 'u1', claimedAt: at }));
  it('is for the change of address', () =>
    expect(after(move).ask('claimOn', { emailHash: 'b' })).toMatchObject({ holder: 'u1', claimId: '1' }));
  it('is not settled in place of another', () => {
    const context = after();
    context.send('SettleEmailClaim', { emailHash: 'a', claimId: 'other' }, { commandId: 'x', at });
    expect(context.eventsOf('user-u1')).toHaveLength(1);
  });
  it('is not settled while the address is in use', () =>
    expect(after().send('SettleEmailClaim', { emailHash: 'a', claimId: 'u1' }, { commandId: 'x', at })).toBe(
      'user.email_taken',
    ));
});

describe('a user of the first schema version', () => {
  const definition = users.commands['ChangeProfile'];
  const basis = {
    person: { email: ada.email, name: 'Ada', phone: null },
    changes: 0,
    address: { ...user.initial.address, inUse: { name: null, claimId: userId } },
  };
  const stepsOf = (request: object, type = definition) =>
    type?.steps(
      type.parse({ userId, ...request }),
      { basis, address: basis.address.inUse },
      {
        at,
        commandId: 'x',
        actor: '(test)',
        nameBasedId: (name) => name,
      },
    );
  const aimed = (steps: readonly Step[] | undefined) => steps?.map(({ id, command: { type } }) => [type, id]);

  it('does not claim their present address again', () => {
    const steps = stepsOf({ email: ada.email, emailHash: 'a' });
    expect(aimed(steps)).toEqual([
      ['ChangeProfile', 'u1'],
      ['ReleaseEmail', 'a'],
    ]);
    expect(steps?.[0]?.command.data).toMatchObject({ emailHash: 'a', previousEmailHash: 'a' });
    expect(steps?.[1]?.command.data).toEqual({ claim: null });
  });
  it('releases their old address where its hash is told', () => {
    const steps = stepsOf({ email: 'b@example.org', emailHash: 'b', presentEmailHash: 'a' });
    expect(aimed(steps)).toEqual([
      ['ClaimEmail', 'b'],
      ['ChangeProfile', 'u1'],
      ['ReleaseEmail', 'a'],
    ]);
    expect(steps?.[2]?.command.data).toEqual({ claim: { holder: 'u1', claimId: 'u1' } });
  });
  it('releases nothing where it is not told', () =>
    expect(stepsOf({ email: 'b@example.org', emailHash: 'b' })?.[2]?.command.data).toEqual({ claim: null }));
  it('is erased with the address whose hash is told', () => {
    const erase = users.commands['EraseUser'];
    expect(aimed(stepsOf({ emailHash: 'a' }, erase))).toEqual([
      ['EraseUser', 'u1'],
      ['ReleaseEmail', 'a'],
    ]);
    expect(aimed(stepsOf({}, erase))).toEqual([['EraseUser', 'u1']]);
  });
});

describe('a change', () => {
  const definition = users.commands['ChangeProfile'];
  const basis = {
    person: { email: ada.email, name: 'Ada', phone: null },
    changes: 0,
    address: { ...user.initial.address, inUse: { name: 'a', claimId: userId } },
  };
  it.each([{ name: 'Bea' }, { email: ada.email, emailHash: 'a' }, { email: 'b@example.org', emailHash: 'b' }])(
    'has several steps, so that each has the same id when it is repeated: %j',
    (request) => {
      const facts = { at, commandId: 'x', actor: '(test)', nameBasedId: (name: string) => name };
      const steps = definition?.steps(definition.parse({ userId, ...request }), { basis }, facts) ?? [];
      expect(steps.length).toBeGreaterThan(1);
      expect(steps.at(-1)).toMatchObject({ id: 'a', command: { type: 'ReleaseEmail' } });
    },
  );
});

describe('a command gives each step the same id when it is repeated', () => {
  it('also where the second time nothing is left to claim', () => {
    const context = after(move);
    const events = context.eventsOf('user-u1');
    expect(context.send('ChangeProfile', { userId, ...move[1] }, { commandId: '1', at })).toBeNull();
    expect(context.eventsOf('user-u1')).toEqual(events);
  });
});

describe('what comes from outside', () => {
  it('is a registration with all its fields', () => expect(parseRegisterUser(ada)).toEqual(ada));
  it('is no address without its hash', () =>
    expect(() => parseChangeProfile({ userId, email: 'b@example.org' })).toThrow(
      expect.objectContaining({ code: 'command.invalid' }) as Error,
    ));
  it('is no role that does not exist', () =>
    expect(() => users.commands['ChangeRoles']?.parse({ userId, roles: ['king'] }) as unknown).toThrow(
      expect.objectContaining({ code: 'command.invalid' }) as Error,
    ));
});
