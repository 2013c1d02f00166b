import { buildNamed, nameOf } from './view.js';

describe('the name of a build', () => {
  const orders = { name: 'orders' };

  it('tells which build of its view it is', () => {
    const of = { version: 3, number: 12 };
    expect(nameOf(orders, of)).toBe('view_orders_v3_12');
    expect(buildNamed(orders, nameOf(orders, of))).toEqual(of);
  });

  it.each(['view_orders_v1_v3_12', 'view_carts_v3_12', 'view_orders_v3', 'view_orders_v03_12', 'changes_orders_v3_1'])(
    'is none of its view where it is %s',
    (name) => expect(buildNamed(orders, name)).toBeNull(),
  );
});
