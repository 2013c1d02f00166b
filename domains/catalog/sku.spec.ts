import { givenFor } from '../shared/given.js';
import type { SkuCommand } from './commands.js';
import type { SkuEvent } from './events.js';
import { sku } from './sku.js';

const given = givenFor(sku);
const claim = (productId: string): SkuCommand => ({ type: 'ClaimSku', data: { productId } });
const release = (productId: string): SkuCommand => ({ type: 'ReleaseSku', data: { productId } });
const claimed = (productId: string): SkuEvent => ({ type: 'SkuClaimed', data: { productId } });
const released = (productId: string): SkuEvent => ({ type: 'SkuReleased', data: { productId } });

describe('a stock keeping unit', () => {
  it('is claimed', () => given().when(claim('p1')).thenEmits(claimed('p1')));
  it('ignores a repeat of the claim', () => given(claimed('p1')).when(claim('p1')).thenEmits());
  it('is not claimed by another', () => given(claimed('p1')).when(claim('p2')).thenRejects('product.sku_taken'));
  it('is released', () => given(claimed('p1')).when(release('p1')).thenEmits(released('p1')));
  it('is not released by another', () => given(claimed('p1')).when(release('p2')).thenEmits());
  it('is claimed by another once released', () =>
    given(claimed('p1'), released('p1')).when(claim('p2')).thenEmits(claimed('p2')));
});
