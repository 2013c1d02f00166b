import { isSameClaim, isToBeClaimed, type Claim } from '../shared/claim.js';
import type { Decider } from '../shared/decider.js';
import type { SkuCommand } from './commands.js';
import type { SkuEvent } from './events.js';

/** A stock keeping unit: which product may use it. */
export type Sku = Readonly<{ claim: Claim | null }>;

const decide = ({ type, data }: SkuCommand, { claim }: Sku): readonly SkuEvent[] => {
  switch (type) {
    case 'ClaimSku': {
      if (!isToBeClaimed(claim, data.claim, 'product.sku_taken')) return [];
      const { holder, claimId, claimedAt } = data.claim;
      return [{ type: 'SkuClaimed', data: { productId: holder, claimId, claimedAt } }];
    }
    case 'ReleaseSku':
    case 'SettleSkuClaim':
      return claim && isSameClaim(claim, data.claim)
        ? [{ type: 'SkuReleased', data: { productId: claim.holder } }]
        : [];
  }
};

const evolve = (_sku: Sku, { type, data }: SkuEvent): Sku => {
  if (type === 'SkuReleased') return { claim: null };
  const { productId, claimId, claimedAt } = data;
  return { claim: { holder: productId, claimId, claimedAt } };
};

export const sku: Decider<Sku, SkuCommand, SkuEvent> = { initial: { claim: null }, decide, evolve };
