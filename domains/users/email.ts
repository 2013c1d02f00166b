import { isSameClaim, isToBeClaimed, type Claim } from '../shared/claim.js';
import type { Decider } from '../shared/decider.js';
import type { EmailCommand } from './commands.js';
import type { EmailEvent } from './events.js';

/** An address, by its HMAC: who may use it. */
export type Email = Readonly<{ claim: Claim | null }>;

const decide = ({ type, data }: EmailCommand, { claim }: Email): readonly EmailEvent[] => {
  switch (type) {
    case 'ClaimEmail': {
      if (!isToBeClaimed(claim, data.claim, 'user.email_taken')) return [];
      const { holder, claimId, claimedAt } = data.claim;
      return [{ type: 'EmailClaimed', data: { userId: holder, claimId, claimedAt } }];
    }
    case 'ReleaseEmail':
    case 'SettleEmailClaim':
      return claim && isSameClaim(claim, data.claim) ? [{ type: 'EmailReleased', data: { userId: claim.holder } }] : [];
  }
};

const evolve = (_email: Email, { type, data }: EmailEvent): Email => {
  if (type === 'EmailReleased') return { claim: null };
  const { userId, claimId, claimedAt } = data;
  return { claim: { holder: userId, claimId, claimedAt } };
};

export const email: Decider<Email, EmailCommand, EmailEvent> = { initial: { claim: null }, decide, evolve };
