import { pricedCart } from './priced-cart.js';

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const products = new Map([
  ['mug', { name: 'Mug', price: eur(450), available: 3 }],
  ['cup', { name: 'Cup', price: eur(1), available: 0 }],
  ['car', { name: 'Car', price: eur(Number.MAX_SAFE_INTEGER), available: 1 }],
  ['import', { name: 'Import', price: { amount: 9, currency: 'USD' }, available: 1 }],
]);
const cartOf = (...items: [string, number][]) =>
  pricedCart({ userId: 'u1', items: items.map(([productId, quantity]) => ({ productId, quantity })) }, products);

describe('a cart with prices', () => {
  it('has them and a total', () =>
    expect(cartOf(['cup', 3], ['mug', 2])).toEqual({
      userId: 'u1',
      items: [
        { productId: 'cup', quantity: 3, name: 'Cup', price: eur(1), available: 0 },
        { productId: 'mug', quantity: 2, name: 'Mug', price: eur(450), available: 3 },
      ],
      total: eur(903),
    }));

  it('leaves out of the total what is no longer on offer', () => {
    const gone = { productId: 'gone', quantity: 5, name: null, price: null, available: 0 };
    expect(cartOf(['gone', 5], ['mug', 1])).toMatchObject({ items: [gone, { productId: 'mug' }], total: eur(450) });
    expect(cartOf(['gone', 5])).toEqual({ userId: 'u1', items: [gone], total: null });
  });

  it('has no total where there is nothing in it', () =>
    expect(cartOf()).toEqual({ userId: 'u1', items: [], total: null }));

  it.each<[string, [string, number][]]>([
    [
      'in different currencies',
      [
        ['mug', 1],
        ['import', 1],
      ],
    ],
    ['too dear for one line', [['car', 2]]],
    [
      'too dear together',
      [
        ['car', 1],
        ['mug', 1],
      ],
    ],
  ])('has no total where its products are %s', (_, items) =>
    expect(cartOf(...items)).toMatchObject({ items: items.map(([productId]) => ({ productId })), total: null }),
  );
});
