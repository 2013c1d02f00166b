import { catalogPolicies } from './policies.js';

const happened = (streamId: string, type: string, data: Readonly<Record<string, unknown>>) =>
  catalogPolicies
    .filter((policy) => policy.type === type && streamId.startsWith(`${policy.category}-`))
    .map(({ after, command }) => [after, command({ id: 'e1', streamId, type, data, at: '2026-01-01T00:00:00.000Z' })]);

const settle = (sku: string, claimId: string) => ({
  context: 'catalog',
  type: 'SettleSkuClaim',
  data: { sku, claimId },
});

describe('when whoever began had time to go on', () => {
  it('a claim is settled', () =>
    expect(happened('sku-MUG-1', 'SkuClaimed', { productId: 'p1', claimId: 'c1' })).toEqual([
      ['grace', settle('MUG-1', 'c1')],
    ]));
  it('the claim to a replaced SKU is settled', () => {
    const data = { productId: 'p1', sku: 'B', previousSku: 'A', claimId: 'c2', previousClaimId: 'c1' };
    expect(happened('product-p1', 'ProductChanged', data)).toEqual([['grace', settle('A', 'c1')]]);
  });
  it.each([
    { sku: 'A', previousSku: 'A' },
    { sku: 'A', previousSku: null },
  ])('nothing is done about a SKU that was not replaced: %j', (data) =>
    expect(happened('product-p1', 'ProductChanged', data)).toEqual([['grace', null]]),
  );
});
