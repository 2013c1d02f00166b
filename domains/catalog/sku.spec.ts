import { givenFor } from '../shared/testing/given.js';
import { upcast } from '../shared/upcast.js';
import type { SkuCommand } from './commands.js';
import type { SkuEvent } from './events.js';
import { sku } from './sku.js';
import { skuUpcasters } from './upcasters.js';

const given = givenFor(sku);
const claimedAt = '2026-01-01T00:00:00.000Z';
const claim = (holder: string, claimId = holder): SkuCommand => ({
  type: 'ClaimSku',
  data: { claim: { holder, claimId, claimedAt } },
});
const claimed = (productId: string, claimId = productId): SkuEvent => ({
  type: 'SkuClaimed',
  data: { productId, claimId, claimedAt },
});
const released: SkuEvent = { type: 'SkuReleased', data: { productId: 'p1' } };

describe('a stock keeping unit', () => {
  it('is claimed', () => given().when(claim('p1')).thenEmits(claimed('p1')));
  it('ignores a repeat of the claim', () => given(claimed('p1')).when(claim('p1')).thenEmits());
  it('is not claimed by another', () => given(claimed('p1')).when(claim('p2')).thenRejects('product.sku_taken'));
  it('is not claimed for two changes of one product at once', () =>
    given(claimed('p1', 'change1')).when(claim('p1', 'change2')).thenRejects('command.conflict'));
  it('is claimed by another once released', () =>
    given(claimed('p1'), released).when(claim('p2')).thenEmits(claimed('p2')));
});

describe.each(['ReleaseSku', 'SettleSkuClaim'] as const)('%s', (type) => {
  const release = (holder: string, claimId = holder): SkuCommand => ({ type, data: { claim: { holder, claimId } } });
  it('releases the SKU', () => given(claimed('p1')).when(release('p1')).thenEmits(released));
  it('is ignored when repeated', () => given(claimed('p1'), released).when(release('p1')).thenEmits());
  it('leaves the claim of another', () => given(claimed('p1')).when(release('p2')).thenEmits());
  it('leaves another claim of the same product', () => given(claimed('p1', 'change1')).when(release('p1')).thenEmits());
  it('does nothing without a claim', () =>
    given(claimed('p1'))
      .when({ type, data: { claim: null } })
      .thenEmits());
});

describe('a claim of the first schema version', () => {
  it('has the id of the product', () =>
    expect(upcast(skuUpcasters, { type: 'SkuClaimed', data: { productId: 'p1' } }, 1, 2)).toEqual({
      productId: 'p1',
      claimId: 'p1',
      claimedAt: '1970-01-01T00:00:00.000Z',
    }));
});
