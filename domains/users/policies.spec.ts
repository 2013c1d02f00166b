import { userPolicies } from './policies.js';

const happened = (streamId: string, type: string, data: Readonly<Record<string, unknown>>) =>
  userPolicies
    .filter((policy) => policy.type === type && streamId.startsWith(`${policy.category}-`))
    .map(({ after, command }) => [after, command({ id: 'e1', streamId, type, data, at: '2026-01-01T00:00:00.000Z' })]);

const settle = (emailHash: string, claimId: string) => ({
  context: 'users',
  type: 'SettleEmailClaim',
  data: { emailHash, claimId },
});

describe('when whoever began had time to go on', () => {
  it('a claim is settled', () =>
    expect(happened('email-a-b', 'EmailClaimed', { userId: 'u1', claimId: 'c1' })).toEqual([
      ['grace', settle('a-b', 'c1')],
    ]));
  it('the claim to a replaced address is settled', () => {
    const data = { userId: 'u1', emailHash: 'b', previousEmailHash: 'a', claimId: 'c2', previousClaimId: 'c1' };
    expect(happened('user-u1', 'UserProfileChanged', data)).toEqual([['grace', settle('a', 'c1')]]);
  });
  it.each([
    { emailHash: 'a', previousEmailHash: 'a' },
    { emailHash: 'a', previousEmailHash: null },
  ])('nothing is done about an address that was not replaced: %j', (data) =>
    expect(happened('user-u1', 'UserProfileChanged', data)).toEqual([['grace', null]]),
  );
  it('a request for erasure is withdrawn', () =>
    expect(happened('user-u1', 'ErasureRequested', { userId: 'u1', requestId: 'r1' })).toEqual([
      ['grace', { context: 'users', type: 'WithdrawErasure', data: { userId: 'u1', requestId: 'r1' } }],
    ]));
  it('an erasure is finished', () =>
    expect(happened('user-u1', 'UserErased', { userId: 'u1' })).toEqual([
      ['grace', { context: 'users', type: 'EraseUser', data: { userId: 'u1' } }],
    ]));
});
