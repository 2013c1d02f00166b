import type { Policy } from '../shared/policy.js';

/** A claim that came to nothing is given up: whoever made it died, or was refused, before they used the address. */
const settleClaim: Policy = {
  name: 'users/settle_claim',
  category: 'email',
  type: 'EmailClaimed',
  after: 'grace',
  command: ({ streamId, data }) => ({
    context: 'users',
    type: 'SettleEmailClaim',
    data: { emailHash: streamId.slice('email-'.length), claimId: data['claimId'] },
  }),
};

/** An address that was replaced is released where whoever changed it did not come to it. */
const releasePreviousAddress: Policy = {
  name: 'users/release_previous_address',
  category: 'user',
  type: 'UserProfileChanged',
  after: 'grace',
  command: ({ data: { emailHash, previousEmailHash, previousClaimId } }) =>
    previousEmailHash === null || previousEmailHash === emailHash
      ? null
      : {
          context: 'users',
          type: 'SettleEmailClaim',
          data: { emailHash: previousEmailHash, claimId: previousClaimId },
        },
};

/** A request that came to nothing is withdrawn, so that the person can order again, and ask again. */
const withdrawErasure: Policy = {
  name: 'users/withdraw_erasure',
  category: 'user',
  type: 'ErasureRequested',
  after: 'grace',
  command: ({ data: { userId, requestId } }) => ({
    context: 'users',
    type: 'WithdrawErasure',
    data: { userId, requestId },
  }),
};

/** The address of an erased person is released where whoever erased them did not come to it. */
const releaseErasedAddress: Policy = {
  name: 'users/release_erased_address',
  category: 'user',
  type: 'UserErased',
  after: 'grace',
  command: ({ data: { userId } }) => ({ context: 'users', type: 'EraseUser', data: { userId } }),
};

export const userPolicies: readonly Policy[] = [
  settleClaim,
  releasePreviousAddress,
  withdrawErasure,
  releaseErasedAddress,
];
