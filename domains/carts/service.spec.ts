import type { CommandFacts } from '../shared/service.js';
import { cart, type Cart } from './cart.js';
import { carts } from './service.js';
import { address, linesOf, price, userId } from './testing/example-cart.js';

const { commands, questions } = carts;
const facts: CommandFacts = {
  ...{ at: '2026-01-01T00:00:00.000Z', actor: userId, commandId: 'c1' },
  nameBasedId: (name) => name,
};
const offer = (productId: string) => ({ productId, sku: productId.toUpperCase(), name: productId, price });
const refusal = (code: string) => expect.objectContaining({ code }) as Error;
const parsed = (type: string, data: object) => commands[type]?.parse(data) as object;
const stepOf = (type: string, data: object, told: object = {}) =>
  commands[type]?.steps(parsed(type, data), { ...told }, facts)[0];
const asked = (type: string, data: object) => commands[type]?.asks?.(parsed(type, data));

const line = { userId, productId: 'p1', quantity: 2 };
const items = [
  { productId: 'p1', quantity: 2 },
  { productId: 'p2', quantity: 1 },
];
const checkout = { userId, orderId: 'o1', items, paymentMethod: 'pm_ok', shippingAddress: address };
const lines = linesOf({ p1: 2, p2: 1 });
const checkedOut: Cart = cart.evolve(cart.initial, {
  type: 'CartCheckedOut',
  data: { userId, orderId: 'o1', lines, address, paymentMethod: 'pm_ok' },
});
const rejected = cart.evolve(checkedOut, { type: 'CheckoutRejected', data: { userId, orderId: 'o1', code: 'no' } });

describe('a line', () => {
  it('is of a product that is sold', () => {
    const offers = { context: 'catalog', question: 'pricesOf', data: { productIds: ['p1'] } };
    expect(asked('SetCartItem', line)).toEqual({ offers });
    expect(stepOf('SetCartItem', line, { offers: [offer('p1')] })).toMatchObject({
      id: userId,
      command: { type: 'SetCartItem', data: line },
    });
  });
  it('is refused where the product is not sold', () =>
    expect(() => stepOf('SetCartItem', line, { offers: [null] })).toThrow(refusal('cart.unknown_product')));
  it.each([0, 1_000_001, 1.5])('has no quantity of %d', (quantity) =>
    expect(() => parsed('SetCartItem', { ...line, quantity })).toThrow(refusal('command.invalid')),
  );
  it('is removed whether the product is sold or not', () => {
    expect(asked('RemoveCartItem', line)).toBeUndefined();
    expect(stepOf('RemoveCartItem', line)).toMatchObject({
      id: userId,
      command: { type: 'RemoveCartItem', data: { userId, productId: 'p1' } },
    });
  });
});

describe('a checkout', () => {
  it('takes the prices of the time', () => {
    const offers = { context: 'catalog', question: 'pricesOf', data: { productIds: ['p1', 'p2'] } };
    expect(asked('CheckOut', checkout)).toEqual({ offers });
    const data = { userId, orderId: 'o1', lines, address, paymentMethod: 'pm_ok' };
    expect(stepOf('CheckOut', checkout, { offers: [offer('p1'), offer('p2')] })).toEqual(
      expect.objectContaining({ id: userId, command: { type: 'CheckOut', data } }),
    );
  });
  it('is refused where a product is no longer sold', () =>
    expect(() => stepOf('CheckOut', checkout, { offers: [offer('p1'), null] })).toThrow(
      refusal('cart.unknown_product'),
    ));
  it('may see an empty cart: whether that is a repeat is for the cart to say', () =>
    expect(stepOf('CheckOut', { ...checkout, items: [] }, { offers: [] })).toMatchObject({
      command: { data: { lines: [] } },
    }));
});

describe('a rejection', () => {
  const data = { userId, orderId: 'o1', code: 'order.unknown_product' };

  it('asks for the order', () =>
    expect(asked('RejectCheckout', data)).toEqual({
      isAbandoned: { context: 'orders', question: 'isAbandoned', data: { orderId: 'o1' } },
    }));
  it.each([true, false])('tells the cart whether it can no longer be placed: %j', (isAbandoned) =>
    expect(stepOf('RejectCheckout', data, { isAbandoned })).toMatchObject({
      id: userId,
      command: { type: 'RejectCheckout', data: { ...data, isAbandoned } },
    }),
  );
});

it('an order that was placed is told to the cart, which knows whether it came from there', () =>
  expect(stepOf('CompleteCheckout', { userId, orderId: 'o1' })).toMatchObject({
    id: userId,
    command: { type: 'CompleteCheckout', data: { userId, orderId: 'o1' } },
  }));

it.each(['SetCartItem', 'RemoveCartItem', 'CheckOut', 'CompleteCheckout', 'RejectCheckout'])(
  '%s answers with the cart',
  (type) => expect(commands[type]?.answer?.(rejected as never, { userId })).toEqual({ userId, items }),
);

describe('a question', () => {
  const answerTo = (question: string, state: Cart, data: object) => questions[question]?.answer([state] as never, data);

  it('for the cart is answered with its items', () =>
    expect(answerTo('cartOf', rejected, { userId })).toEqual({ items }));
  it('for a checkout is answered with its lines while they have not gone back', () => {
    const standing = { orderId: 'o1', lines, paymentMethod: 'pm_ok' };
    expect(answerTo('pendingCheckout', checkedOut, { userId, orderId: 'o1' })).toEqual(standing);
    expect(answerTo('pendingCheckout', checkedOut, { userId, orderId: 'o2' })).toBeNull();
    expect(answerTo('pendingCheckout', rejected, { userId, orderId: 'o1' })).toBeNull();
  });
});
