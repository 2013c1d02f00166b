import { bestFirst } from './best-first.js';

const sold = (productId: string, day: string, quantity: number, revenue: number, currency = 'EUR') => ({
  productId,
  day,
  quantity,
  revenue,
  currency,
});

describe('the sales of products', () => {
  it('are summed over the days, the product first that brought most', () =>
    expect(
      bestFirst([
        sold('mug', '2030-01-01', 2, 900),
        sold('pot', '2030-01-01', 1, 1000),
        sold('mug', '2030-01-02', 1, 450),
      ]),
    ).toEqual([
      { productId: 'mug', currency: 'EUR', quantity: 3, revenue: 1350 },
      { productId: 'pot', currency: 'EUR', quantity: 1, revenue: 1000 },
    ]));

  it('are told currency by currency', () =>
    expect(
      bestFirst([
        sold('mug', '2030-01-01', 1, 700, 'USD'),
        sold('mug', '2030-01-01', 1, 450),
        sold('pot', '2030-01-01', 1, 600),
      ]).map(({ productId, currency }) => [currency, productId]),
    ).toEqual([
      ['EUR', 'pot'],
      ['EUR', 'mug'],
      ['USD', 'mug'],
    ]));

  it('have one order also where two brought the same', () =>
    expect(
      bestFirst([sold('pot', '2030-01-01', 1, 450), sold('mug', '2030-01-01', 1, 450)]).map(
        ({ productId }) => productId,
      ),
    ).toEqual(['mug', 'pot']));
});
