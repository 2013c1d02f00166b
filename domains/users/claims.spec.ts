import fc from 'fast-check';
import type { Claim, NameInUse } from '../shared/claim.js';
import type { Message } from '../shared/decider.js';
import { contextInMemory, deliver, deliveriesOf, type ContextInMemory } from '../shared/testing/interleaving.js';
import { users } from './service.js';

const addresses = ['a', 'b', 'c'];
const userIds = ['u1', 'u2', 'u3'];
const anAddress = fc.constantFrom(...addresses);
const aUser = fc.constantFrom(...userIds);

const register = (userId: string, emailHash: string): Message => ({
  type: 'RegisterUser',
  data: { userId, email: `${emailHash}@example.org`, emailHash, name: 'Ada', phone: null, roles: ['customer'] },
});
const move = (userId: string, emailHash: string): Message => ({
  type: 'ChangeProfile',
  data: { userId, email: `${emailHash}@example.org`, emailHash },
});

const aCommand: fc.Arbitrary<Message> = fc.oneof(
  { weight: 2, arbitrary: fc.tuple(aUser, anAddress).map(([userId, address]) => register(userId, address)) },
  { weight: 4, arbitrary: fc.tuple(aUser, anAddress).map(([userId, address]) => move(userId, address)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(aUser, fc.constantFrom('Bea', 'Cleo'))
      .map(([userId, name]) => ({ type: 'ChangeProfile', data: { userId, name } })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(aUser, fc.constantFrom('RequestErasure', 'WithdrawErasure', 'EraseUser', 'DeactivateUser'))
      .map(([userId, type]) => ({ type, data: { userId, requestId: 'r1' } })),
  },
  // The commands of the earlier ones have the ids that the claims have: which of them is settled is left to chance.
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        anAddress,
        fc.oneof(
          aUser,
          fc.nat(9).map((index) => `command${index}`),
        ),
      )
      .map(([emailHash, claimId]) => ({ type: 'SettleEmailClaim', data: { emailHash, claimId } })),
  },
);

const claimOn = (context: ContextInMemory, emailHash: string) => context.ask('claimOn', { emailHash }) as Claim | null;

/** Who may use which address, as far as their own streams tell. */
const uses = (context: ContextInMemory): readonly string[] =>
  userIds.flatMap((userId) => {
    const isErased = context.eventsOf(`user-${userId}`).some(({ type }) => type === 'UserErased');
    const used = isErased ? null : (context.ask('addressOf', { userId }) as NameInUse | null);
    return used ? [`${String(used.name)}: ${userId} by ${used.claimId}`] : [];
  });

/** Who holds which address; each has one claim at most. */
const claims = (context: ContextInMemory): readonly string[] =>
  addresses.flatMap((address) => {
    const claim = claimOn(context, address);
    return claim ? [`${address}: ${claim.holder} by ${claim.claimId}`] : [];
  });

/** What the policies send: a settlement for each claim that was ever made. */
const settleAll = (context: ContextInMemory) => {
  for (const emailHash of addresses) {
    const claimed = context.eventsOf(`email-${emailHash}`).filter(({ type }) => type === 'EmailClaimed');
    claimed.forEach(({ data }, index) => {
      const { claimId } = data as { claimId: string };
      const facts = { commandId: `settle/${emailHash}/${index}`, at: '2026-01-01T00:02:00.000Z' };
      context.send('SettleEmailClaim', { emailHash, claimId }, facts);
    });
  }
};

describe('however commands are interleaved, repeated and cut off', () => {
  it('nobody uses an address that they do not hold, and none is held in vain once claims are settled', () => {
    fc.assert(
      fc.property(deliveriesOf(aCommand), ({ commands, moves }) => {
        const context = contextInMemory(users);
        deliver(context, commands, moves, () => {
          const held = claims(context);
          expect(uses(context).filter((use) => !held.includes(use))).toEqual([]);
        });
        settleAll(context);
        expect(uses(context).toSorted()).toEqual(claims(context));
      }),
      { numRuns: 2_000 },
    );
  });
});

const at = '2026-01-01T00:00:00.000Z';

/** A context in which a person is registered, and a command that died after `steps` of its streams. */
const diedAfter = (steps: number, { type, data }: Message, ...before: readonly Message[]) => {
  const context = contextInMemory(users);
  before.forEach((command, index) => {
    context.send(command.type, command.data, { commandId: `before${index}`, at });
  });
  const progress = context.begin(type, data, { commandId: 'x', at });
  for (let done = 0; done <= steps; done += 1) progress.next();
  return { context, resume: () => progress.next().value };
};
const holders = (context: ContextInMemory) =>
  Object.fromEntries(addresses.map((address) => [address, claimOn(context, address)?.holder ?? null]));

describe('a registration that dies after the claim', () => {
  it('is undone, and cannot go on', () => {
    const { context, resume } = diedAfter(1, register('u1', 'a'));
    expect(holders(context)).toMatchObject({ a: 'u1' });
    settleAll(context);
    expect(holders(context)).toMatchObject({ a: null });
    expect(resume()).toBe('user.registration_abandoned');
    expect(context.ask('isActive', { userId: 'u1' })).toBe(false);
  });
  it('is whole where it goes on in time', () => {
    const { context, resume } = diedAfter(1, register('u1', 'a'));
    expect(resume()).toBeNull();
    settleAll(context);
    expect(holders(context)).toMatchObject({ a: 'u1' });
  });
});

describe('a change of address', () => {
  it('that dies after the claim is undone, and cannot go on', () => {
    const { context, resume } = diedAfter(1, move('u1', 'b'), register('u1', 'a'));
    settleAll(context);
    expect(holders(context)).toEqual({ a: 'u1', b: null, c: null });
    expect(resume()).toBe('user.change_abandoned');
  });
  it('that dies after the update is whole', () => {
    const { context } = diedAfter(2, move('u1', 'b'), register('u1', 'a'));
    expect(holders(context)).toEqual({ a: 'u1', b: 'u1', c: null });
    settleAll(context);
    expect(holders(context)).toEqual({ a: null, b: 'u1', c: null });
  });
  it('can go back again', () => {
    const { context } = diedAfter(3, move('u1', 'a'), register('u1', 'a'), move('u1', 'b'));
    settleAll(context);
    expect(holders(context)).toEqual({ a: 'u1', b: null, c: null });
  });
  it('takes nothing away from a later one when it is repeated', () => {
    const { context } = diedAfter(3, move('u1', 'b'), register('u1', 'a'));
    context.send('ChangeProfile', move('u1', 'c').data, { commandId: 'y', at });
    expect(context.send('ChangeProfile', move('u1', 'b').data, { commandId: 'x', at })).toBeNull();
    expect(holders(context)).toEqual({ a: null, b: null, c: 'u1' });
  });
  it('is refused where another was faster', () => {
    const rename = { type: 'ChangeProfile', data: { userId: 'u1', name: 'Bea' } };
    const { context, resume } = diedAfter(0, rename, register('u1', 'a'));
    context.send('ChangeProfile', { userId: 'u1', phone: '+49 1' }, { commandId: 'y', at });
    expect(resume()).toBe('command.conflict');
    expect(context.ask('profileOf', { userId: 'u1' })).toMatchObject({ name: 'Ada', phone: '+49 1' });
  });
  it('that met another one is sent anew once its claim is settled', () => {
    const { context, resume } = diedAfter(1, move('u1', 'b'), register('u1', 'a'));
    context.send('ChangeProfile', { userId: 'u1', phone: '+49 1' }, { commandId: 'y', at });
    expect(resume()).toBe('command.conflict');
    expect(context.send('ChangeProfile', move('u1', 'b').data, { commandId: 'z', at })).toBe('command.conflict');
    context.send('SettleEmailClaim', { emailHash: 'b', claimId: 'x' }, { commandId: 'settle', at });
    expect(context.send('ChangeProfile', move('u1', 'b').data, { commandId: 'z', at })).toBeNull();
    expect(holders(context)).toEqual({ a: null, b: 'u1', c: null });
  });
  it('to the address of another is refused', () => {
    const { resume } = diedAfter(0, move('u1', 'b'), register('u1', 'a'), register('u2', 'b'));
    expect(resume()).toBe('user.email_taken');
  });
});

describe('an erasure', () => {
  const request = { type: 'RequestErasure', data: { userId: 'u1', requestId: 'r1' } };
  const erase = { type: 'EraseUser', data: { userId: 'u1', requestId: 'r1' } };
  it('releases the address', () => {
    const { context } = diedAfter(2, erase, register('u1', 'a'), request);
    expect(holders(context)).toMatchObject({ a: null });
  });
  it('that dies after its event is finished by a repeat', () => {
    const { context } = diedAfter(1, erase, register('u1', 'a'), request);
    expect(holders(context)).toMatchObject({ a: 'u1' });
    expect(context.send('EraseUser', { userId: 'u1' }, { commandId: 'policy', at })).toBeNull();
    expect(holders(context)).toMatchObject({ a: null });
  });
});
