import type { Policy } from '../shared/policy.js';

/** A claim that came to nothing is given up: whoever made it died, or was refused, before the product had the SKU. */
const settleClaim: Policy = {
  name: 'catalog/settle_claim',
  category: 'sku',
  type: 'SkuClaimed',
  after: 'grace',
  command: ({ streamId, data }) => ({
    context: 'catalog',
    type: 'SettleSkuClaim',
    data: { sku: streamId.slice('sku-'.length), claimId: data['claimId'] },
  }),
};

/** A SKU that was replaced is released where whoever changed it did not come to it. */
const releasePreviousSku: Policy = {
  name: 'catalog/release_previous_sku',
  category: 'product',
  type: 'ProductChanged',
  after: 'grace',
  command: ({ data: { sku, previousSku, previousClaimId } }) =>
    previousSku === null || previousSku === sku
      ? null
      : { context: 'catalog', type: 'SettleSkuClaim', data: { sku: previousSku, claimId: previousClaimId } },
};

/** A discontinued product keeps its SKU: those who read old orders must not find another product under it. */
export const catalogPolicies: readonly Policy[] = [settleClaim, releasePreviousSku];
