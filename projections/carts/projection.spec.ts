import fc from 'fast-check';
import { cart } from '../../domains/carts/cart.js';
import type { CartCommand } from '../../domains/carts/commands.js';
import { mostCheckouts, type CartEvent } from '../../domains/carts/events.js';
import { address, linesOf, userId } from '../../domains/carts/testing/example-cart.js';
import { mostLines } from '../../domains/shared/line.js';
import { play } from '../../domains/shared/testing/play.js';
import { rowAfterFor } from '../shared/testing/rows.js';
import { carts } from './projection.js';

const set = (productId: string, quantity: number): CartEvent => ({
  type: 'CartItemSet',
  data: { userId, productId, quantity },
});
const removed = (productId: string): CartEvent => ({ type: 'CartItemRemoved', data: { userId, productId } });
const checkedOut = (lines: Readonly<Record<string, number>>, orderId = 'o1'): CartEvent => ({
  type: 'CartCheckedOut',
  data: { userId, orderId, lines: linesOf(lines), address, paymentMethod: 'pm_ok' },
});
const rejected = (orderId = 'o1'): CartEvent => ({
  type: 'CheckoutRejected',
  data: { userId, orderId, code: 'order.unknown_product' },
});
const completed = (orderId = 'o1'): CartEvent => ({ type: 'CheckoutCompleted', data: { userId, orderId } });

const rowAfter = rowAfterFor(carts);
const itemsAfter = (...events: CartEvent[]) =>
  rowAfter(...events)?.items.map(({ productId, quantity }) => [productId, quantity]);

describe('a cart as it is shown', () => {
  it('holds lines in the order in which they were first set', () =>
    expect(rowAfter(set('p2', 1), set('p1', 2), set('p2', 5))).toEqual({
      userId,
      items: [
        { productId: 'p2', quantity: 5 },
        { productId: 'p1', quantity: 2 },
      ],
      openCheckouts: [],
    }));

  it('holds no more what was removed, and at its end what was put in again', () => {
    expect(itemsAfter(set('p1', 1), set('p2', 1), removed('p1'))).toEqual([['p2', 1]]);
    expect(itemsAfter(set('p1', 1), set('p2', 1), removed('p1'), set('p1', 3))).toEqual([
      ['p2', 1],
      ['p1', 3],
    ]);
  });

  it('is empty once it is checked out, and keeps what may come back', () =>
    expect(rowAfter(set('p1', 2), checkedOut({ p1: 2 }))).toEqual({
      userId,
      items: [],
      openCheckouts: [{ orderId: 'o1', items: [{ productId: 'p1', quantity: 2 }] }],
    }));

  it('has its lines back once the checkout is rejected, behind what was put in since', () =>
    expect(
      rowAfter(set('p1', 2), checkedOut({ p1: 2, p2: 1 }), set('p3', 1), set('p2', 9), rejected(), rejected()),
    ).toEqual({
      userId,
      items: [
        { productId: 'p3', quantity: 1 },
        { productId: 'p2', quantity: 9 },
        { productId: 'p1', quantity: 2 },
      ],
      openCheckouts: [],
    }));

  it('takes back no more than there is room for', () => {
    const full = Array.from({ length: mostLines - 1 }, (_, index) => set(`new${index}`, 1));
    const items = itemsAfter(checkedOut({ p1: 1, p2: 2 }), ...full, rejected());
    expect(items).toHaveLength(mostLines);
    expect(items?.at(-1)).toEqual(['p1', 1]);
  });

  it('keeps nothing of a checkout that has become an order', () =>
    expect(rowAfter(checkedOut({ p1: 2 }), completed())).toEqual({ userId, items: [], openCheckouts: [] }));

  it('is left alone by the end of a checkout that it does not know', () => {
    expect(itemsAfter(set('p1', 1), rejected(), completed())).toEqual([['p1', 1]]);
    expect(itemsAfter(rejected())).toEqual([]);
  });
});

type Action = Readonly<{ kind: 'set' | 'remove' | 'checkOut' | 'reject' | 'complete'; id: number; quantity: number }>;

const anAction: fc.Arbitrary<Action> = fc.record({
  kind: fc.constantFrom('set', 'set', 'remove', 'checkOut', 'reject', 'complete'),
  id: fc.nat(3),
  quantity: fc.integer({ min: 1, max: 3 }),
});

const commandOf = ({ kind, id, quantity }: Action, seen: Readonly<Record<string, number>>): CartCommand => {
  const [productId, orderId] = [`p${id}`, `o${id}`];
  switch (kind) {
    case 'set':
      return { type: 'SetCartItem', data: { userId, productId, quantity } };
    case 'remove':
      return { type: 'RemoveCartItem', data: { userId, productId } };
    case 'checkOut':
      return { type: 'CheckOut', data: { userId, orderId, lines: linesOf(seen), address, paymentMethod: 'pm_ok' } };
    case 'reject':
      return { type: 'RejectCheckout', data: { userId, orderId, code: 'no', isAbandoned: true } };
    case 'complete':
      return { type: 'CompleteCheckout', data: { userId, orderId } };
  }
};

describe('the view of a cart', () => {
  it('holds what the stream holds, after any commands', () =>
    fc.assert(
      fc.property(fc.array(anAction, { maxLength: 40 }), (actions) => {
        let played = play(cart, []);
        for (const action of actions) {
          const seen = Object.fromEntries(played.state.items.map((item) => [item.productId, item.quantity]));
          played = play(cart, [commandOf(action, seen)], played);
        }
        expect(rowAfter(...played.events)?.items ?? []).toEqual(played.state.items);
      }),
      { numRuns: 500 },
    ));

  it('remembers as many open checkouts as the stream does: of old carts more were open than are accepted now', () => {
    const old = Array.from({ length: mostCheckouts + 3 }, (_, index) => checkedOut({ [`p${index}`]: 1 }, `o${index}`));
    const events = [...old, rejected('o2'), rejected('o3')];
    expect(rowAfter(...events)?.items).toEqual(events.reduce(cart.evolve, cart.initial).items);
    expect(itemsAfter(...events)).toEqual([['p3', 1]]);
  });
});
