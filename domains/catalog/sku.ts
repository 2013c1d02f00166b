import type { Decider } from '../shared/decider.js';
import { DomainError } from '../shared/errors.js';
import type { SkuCommand } from './commands.js';
import type { SkuEvent } from './events.js';

export type Sku = Readonly<{ claimedBy: string | null }>;

const decide = ({ type, data }: SkuCommand, { claimedBy }: Sku): readonly SkuEvent[] => {
  const isOurs = claimedBy === data.productId;
  switch (type) {
    case 'ClaimSku':
      if (isOurs) return [];
      if (claimedBy !== null) throw new DomainError('product.sku_taken', 'Another product uses this SKU');
      return [{ type: 'SkuClaimed', data: { productId: data.productId } }];
    case 'ReleaseSku':
      return isOurs ? [{ type: 'SkuReleased', data: { productId: data.productId } }] : [];
  }
};

const evolve = (_sku: Sku, { type, data }: SkuEvent): Sku => ({
  claimedBy: type === 'SkuClaimed' ? data.productId : null,
});

export const sku: Decider<Sku, SkuCommand, SkuEvent> = { initial: { claimedBy: null }, decide, evolve };
