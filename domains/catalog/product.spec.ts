import { givenFor } from '../shared/given.js';
import type { ProductCommand, ProductData } from './commands.js';
import type { ProductEvent } from './events.js';
import { product } from './product.js';

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
const add = (data = mug): ProductCommand => ({ type: 'AddProduct', data });
const change = (to: Partial<ProductData>): ProductCommand => ({ type: 'ChangeProduct', data: { ...mug, ...to } });
const added: ProductEvent = { type: 'ProductAdded', data: mug };
const dearer = { amount: 1_050, currency: 'EUR' };

describe('a product', () => {
  it('is added', () => given().when(add()).thenEmits(added));
  it('is not added twice', () => given(added).when(add()).thenRejects('product.already_added'));
  it('is not changed before it is added', () => given().when(change({})).thenRejects('product.not_found'));
  it('ignores a change that changes nothing', () => given(added).when(change({})).thenEmits());
  it.each([{ name: 'Cup' }, { sku: 'MUG-2' }, { description: '' }, { categories: ['gifts'] }])(
    'is described anew: %j',
    (to) =>
      given(added)
        .when(change(to))
        .thenEmits({ type: 'ProductChanged', data: { ...description, ...to } }),
  );
  it('gets another price', () =>
    given(added)
      .when(change({ price: dearer }))
      .thenEmits({ type: 'PriceChanged', data: { productId: 'p1', price: dearer } }));
  it('keeps a price that was changed before', () =>
    given(added, { type: 'PriceChanged', data: { productId: 'p1', price: dearer } })
      .when(change({ price: dearer }))
      .thenEmits());
  it('gets back a price it once had', () =>
    given(added, { type: 'PriceChanged', data: { productId: 'p1', price: dearer } })
      .when(change({ price }))
      .thenEmits({ type: 'PriceChanged', data: { productId: 'p1', price } }));
});
