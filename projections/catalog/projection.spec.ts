import type { CategoryEvent, ProductEvent } from '../../domains/catalog/events.js';
import type { StockEvent } from '../../domains/inventory/events.js';
import { rowAfterFor } from '../shared/testing/rows.js';
import { catalog } from './projection.js';

const productId = 'p1';
const price = { amount: 450, currency: 'EUR' };
const description = { productId, sku: 'S-1', name: 'Mug', description: 'Holds tea', categories: ['c1'] };
const added: ProductEvent = { type: 'ProductAdded', data: { ...description, price } };
const received: StockEvent = { type: 'StockReceived', data: { productId, quantity: 10, reference: null } };
const reserved: StockEvent = { type: 'StockReserved', data: { productId, orderId: 'o1', quantity: 4 } };
const released: StockEvent = { type: 'ReservationReleased', data: { productId, orderId: 'o1', quantity: 4 } };
const committed: StockEvent = { type: 'ReservationCommitted', data: { productId, orderId: 'o1', quantity: 4 } };
const adjusted: StockEvent = { type: 'StockAdjusted', data: { productId, delta: -3, reason: 'broken' } };
const returned: StockEvent = { type: 'StockReturned', data: { productId, orderId: 'o1', quantity: 4 } };
const discontinued: ProductEvent = { type: 'ProductDiscontinued', data: { productId } };
const claim = { previousSku: 'S-1', claimId: 'c2', previousClaimId: 'c1' };
const refused: StockEvent = { type: 'ReservationRefused', data: { productId, orderId: 'o1', reason: 'released' } };

const rowAfter = rowAfterFor(catalog);
const page = {
  kind: 'product',
  id: productId,
  sku: 'S-1',
  name: 'Mug',
  words: ['mug'],
  description: 'Holds tea',
  price,
  categories: ['c1'],
};

describe('a product page', () => {
  it('shows a new product', () => expect(rowAfter(added)).toEqual({ ...page, available: 0 }));

  it('shows a change of all but the price', () => {
    const data = { productId, sku: 'S-2', name: 'Cup', description: 'Holds coffee', categories: [] };
    const { productId: id, ...shown } = data;
    expect(rowAfter(added, { type: 'ProductChanged', data: { ...data, ...claim } })).toEqual({
      kind: 'product',
      id,
      ...shown,
      words: ['cup'],
      price,
      available: 0,
    });
  });

  it('shows a new price', () => {
    const cheaper = { amount: 400, currency: 'EUR' };
    const event: ProductEvent = { type: 'PriceChanged', data: { productId, price: cheaper, claimId: 'c2' } };
    expect(rowAfter(added, event)).toEqual({ ...page, price: cheaper, available: 0 });
  });

  it.each([
    ['a receipt', [received], 10],
    ['an adjustment', [received, adjusted], 7],
    ['a reservation', [received, reserved], 6],
    ['a refused reservation', [received, refused], 10],
    ['a release', [received, reserved, released], 10],
    ['a commit', [received, reserved, committed], 6],
    ['a return', [received, reserved, committed, returned], 10],
  ] as const)('shows what is available after %s', (_, events, available) =>
    expect(rowAfter(added, ...events)).toEqual({ ...page, available }),
  );

  it('is the same after a claim that was given up', () => {
    const abandoned: ProductEvent = { type: 'SkuClaimAbandoned', data: { productId, claimId: 'c2' } };
    expect(rowAfter(added, abandoned)).toEqual({ ...page, available: 0 });
  });

  it('goes when the product is discontinued', () => expect(rowAfter(added, discontinued)).toBeUndefined());

  it('does not come back by stock', () =>
    expect(rowAfter(added, received, reserved, discontinued, released)).toBeUndefined());

  it('is not made by stock', () => expect(rowAfter(received)).toBeUndefined());
});

describe('a category', () => {
  const categoryId = 'c1';
  const cups: CategoryEvent = { type: 'CategoryAdded', data: { categoryId, name: 'Cups', parentId: 'c0' } };
  const renamed: CategoryEvent = { type: 'CategoryRenamed', data: { categoryId, name: 'Mugs' } };
  const row = { kind: 'category', id: categoryId, name: 'Cups', parentId: 'c0' };

  it('is shown with the one above it', () => expect(rowAfter(cups)).toEqual(row));

  it('shows its new name', () => expect(rowAfter(cups, renamed)).toEqual({ ...row, name: 'Mugs' }));

  it('is not made by a new name', () => expect(rowAfter(renamed)).toBeUndefined());

  it('has an id of its own', () => {
    expect(catalog.key({ ...cups, streamId: 'category-c1', revision: 0, at: '' })).toBe('c1');
    expect(catalog.key({ ...added, streamId: 'product-p1', revision: 0, at: '' })).toBe('p1');
  });

  it('is left alone by products, and leaves them alone, whatever their ids are', () => {
    expect(rowAfter(cups, added, received, discontinued)).toEqual(row);
    expect(rowAfter(added, cups, renamed)).toEqual({ ...page, available: 0 });
  });
});
