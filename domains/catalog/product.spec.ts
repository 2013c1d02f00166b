import { givenFor } from '../shared/testing/given.js';
import { upcast } from '../shared/upcast.js';
import type { ChangeProduct, ProductCommand, ProductData } from './commands.js';
import type { ProductEvent } from './events.js';
import { product } from './product.js';
import { productUpcasters } from './upcasters.js';

const given = givenFor(product);
const mug: ProductData = {
  productId: 'p1',
  sku: 'MUG-1',
  name: 'Mug',
  description: 'Holds tea',
  price: { amount: 950, currency: 'EUR' },
  categories: ['kitchen'],
};
const { price, ...description } = mug;
const add: ProductCommand = { type: 'AddProduct', data: mug };
const added: ProductEvent = { type: 'ProductAdded', data: mug };
const change = (to: Partial<ChangeProduct['data']> = {}): ProductCommand => ({
  type: 'ChangeProduct',
  data: { ...mug, claimId: 'change1', basis: 'p1', ...to },
});
const changed = (to: Partial<Extract<ProductEvent, { type: 'ProductChanged' }>['data']>): ProductEvent => ({
  type: 'ProductChanged',
  data: { ...description, previousSku: 'MUG-1', claimId: 'change1', previousClaimId: 'p1', ...to },
});
const dearer = { amount: 1_050, currency: 'EUR' };
const priced = (to: ProductData['price'], claimId = 'change1'): ProductEvent => ({
  type: 'PriceChanged',
  data: { productId: 'p1', price: to, claimId },
});
const discontinued: ProductEvent = { type: 'ProductDiscontinued', data: { productId: 'p1' } };
const abandoned = (claimId: string): ProductEvent => ({
  type: 'SkuClaimAbandoned',
  data: { productId: 'p1', claimId },
});

describe('a product', () => {
  it('is added', () => given().when(add).thenEmits(added));
  it('is not added twice', () => given(added).when(add).thenRejects('product.already_added'));
  it('is not added again once discontinued', () =>
    given(added, discontinued).when(add).thenRejects('product.already_added'));
  it('is not added once the claim to its SKU was given up', () =>
    given(abandoned('p1')).when(add).thenRejects('product.change_abandoned'));
});

describe('a change of a product', () => {
  it.each([{ name: 'Cup' }, { sku: 'MUG-2' }, { description: '' }, { categories: ['gifts'] }])(
    'describes it anew: %j',
    (to) => given(added).when(change(to)).thenEmits(changed(to)),
  );
  it('gives it another price', () =>
    given(added)
      .when(change({ price: dearer }))
      .thenEmits(priced(dearer)));
  it('does both', () =>
    given(added)
      .when(change({ name: 'Cup', price: dearer }))
      .thenEmits(changed({ name: 'Cup' }), priced(dearer)));
  it('gives back a price it once had', () =>
    given(added, priced(dearer, 'change0')).when(change()).thenEmits(priced(price)));
  it('names the SKU and the claim that it replaces', () =>
    given(added, changed({ sku: 'MUG-2' }))
      .when(change({ sku: 'MUG-3', claimId: 'change2', basis: 'change1' }))
      .thenEmits(changed({ sku: 'MUG-3', previousSku: 'MUG-2', claimId: 'change2', previousClaimId: 'change1' })));
  it('is ignored where it changes nothing', () => given(added).when(change()).thenEmits());
  it('is ignored where the price was changed to the same before', () =>
    given(added, priced(dearer, 'change0'))
      .when(change({ price: dearer }))
      .thenEmits());
  it.each([
    ['another description', changed({ name: 'Cup' }), { name: 'Cup' }],
    ['another price', priced(dearer), { price: dearer }],
  ])('is ignored when repeated: %s', (_, event, to) =>
    given(added, event, changed({ name: 'Bowl', claimId: 'change2' }))
      .when(change(to))
      .thenEmits(),
  );
  it('is refused before the product is added', () => given().when(change()).thenRejects('product.not_found'));
  it('is refused where the product was never added', () =>
    given(abandoned('p1')).when(change()).thenRejects('product.not_found'));
  it('is refused once the product is discontinued', () =>
    given(added, discontinued)
      .when(change({ name: 'Cup' }))
      .thenRejects('product.discontinued'));
  it('is refused once its claim was given up', () =>
    given(added, abandoned('change1'))
      .when(change({ sku: 'MUG-2' }))
      .thenRejects('product.change_abandoned'));
  it('is refused where the SKU was changed in the meantime', () =>
    given(added, changed({ sku: 'MUG-2', claimId: 'change0' }))
      .when(change({ name: 'Cup' }))
      .thenRejects('command.conflict'));
});

describe('a discontinuation', () => {
  const discontinue: ProductCommand = { type: 'DiscontinueProduct', data: { productId: 'p1' } };
  it('happens', () => given(added).when(discontinue).thenEmits(discontinued));
  it('is ignored when repeated', () => given(added, discontinued).when(discontinue).thenEmits());
  it('is refused where the claim to its SKU was given up before it was added', () =>
    given(abandoned('p1')).when(discontinue).thenRejects('product.not_found'));
  it('needs a product', () => given().when(discontinue).thenRejects('product.not_found'));
});

describe('a claim to a SKU is given up', () => {
  const abandon = (claimId: string, sku: string): ProductCommand => ({
    type: 'AbandonSkuClaim',
    data: { productId: 'p1', claimId, sku },
  });
  it('before the product is added', () => given().when(abandon('p1', 'MUG-1')).thenEmits(abandoned('p1')));
  it('before a change', () => given(added).when(abandon('change1', 'MUG-2')).thenEmits(abandoned('change1')));
  it('after a change to another', () =>
    given(added, changed({ sku: 'MUG-2' }))
      .when(abandon('p1', 'MUG-1'))
      .thenEmits(abandoned('p1')));
  it('once', () => given(abandoned('p1')).when(abandon('p1', 'MUG-1')).thenEmits());
  it('not while the SKU is in use', () => given(added).when(abandon('p1', 'MUG-1')).thenRejects('product.sku_taken'));
  it('not while a discontinued product has the SKU', () =>
    given(added, discontinued).when(abandon('p1', 'MUG-1')).thenRejects('product.sku_taken'));
  it('not while it is in use, also where a claim of the same id was given up before', () =>
    given(added, abandoned('p1')).when(abandon('p1', 'MUG-1')).thenRejects('product.sku_taken'));
});

describe('changes of the first schema version', () => {
  it('were made under the id of the product', () => {
    expect(upcast(productUpcasters, { type: 'ProductChanged', data: description }, 1, 2)).toEqual({
      ...description,
      previousSku: null,
      claimId: 'p1',
      previousClaimId: null,
    });
    const data = { productId: 'p1', price };
    expect(upcast(productUpcasters, { type: 'PriceChanged', data }, 1, 2)).toEqual({ ...data, claimId: 'p1' });
  });
  it('leave the product with its latest SKU', () =>
    given(added, changed({ sku: 'MUG-2', previousSku: null, claimId: 'p1', previousClaimId: null }))
      .when(change({ sku: 'MUG-3' }))
      .thenEmits(changed({ sku: 'MUG-3', previousSku: 'MUG-2' })));
});
