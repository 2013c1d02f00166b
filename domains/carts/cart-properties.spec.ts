import fc from 'fast-check';
import { mostLines } from '../shared/line.js';
import { play } from '../shared/testing/play.js';
import { cart } from './cart.js';
import type { CartCommand } from './commands.js';
import { mostCheckouts, type CartEvent } from './events.js';
import { address, linesOf, userId } from './testing/example-cart.js';

type Action =
  | Readonly<{ kind: 'set'; productId: string; quantity: number }>
  | Readonly<{ kind: 'remove'; productId: string }>
  | Readonly<{ kind: 'checkOut' | 'reject' | 'complete'; orderId: string }>;

/** Few of everything, so that actions meet. */
const aProduct = fc.constantFrom('p1', 'p2', 'p3');
const anOrder = fc.constantFrom('o1', 'o2', 'o3');
const anAction: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('set'), productId: aProduct, quantity: fc.integer({ min: 1, max: 3 }) }),
  },
  fc.record({ kind: fc.constant('remove'), productId: aProduct }),
  fc.record({ kind: fc.constantFrom('checkOut', 'reject', 'complete'), orderId: anOrder }),
);
const actions = fc.array(anAction, { maxLength: 40 });

/** What a cart holds, told a second time in the plainest way. */
type Model = { items: Map<string, number>; checkouts: Map<string, Map<string, number>>; settled: Set<string> };
const emptyModel = (): Model => ({ items: new Map(), checkouts: new Map(), settled: new Set() });

const modelled = (model: Model, action: Action) => {
  const { items, checkouts, settled } = model;
  if (action.kind === 'set') items.set(action.productId, action.quantity);
  else if (action.kind === 'remove') items.delete(action.productId);
  else if (action.kind === 'checkOut') {
    if (items.size === 0 || checkouts.has(action.orderId)) return;
    checkouts.set(action.orderId, new Map(items));
    items.clear();
  } else if (checkouts.has(action.orderId) && !settled.has(action.orderId)) {
    settled.add(action.orderId);
    if (action.kind === 'complete') return;
    for (const [productId, quantity] of checkouts.get(action.orderId) ?? [])
      if (!items.has(productId)) items.set(productId, quantity);
  }
};

const commandOf = (action: Action, seen: Readonly<Record<string, number>>): CartCommand => {
  switch (action.kind) {
    case 'set':
      return { type: 'SetCartItem', data: { userId, productId: action.productId, quantity: action.quantity } };
    case 'remove':
      return { type: 'RemoveCartItem', data: { userId, productId: action.productId } };
    case 'checkOut':
      return {
        type: 'CheckOut',
        data: { userId, orderId: action.orderId, lines: linesOf(seen), address, paymentMethod: 'pm_ok' },
      };
    case 'complete':
      return { type: 'CompleteCheckout', data: { userId, orderId: action.orderId } };
    case 'reject':
      return { type: 'RejectCheckout', data: { userId, orderId: action.orderId, code: 'no', isAbandoned: true } };
  }
};

const quantitiesOf = (items: readonly Readonly<{ productId: string; quantity: number }>[]) =>
  Object.fromEntries(items.map(({ productId, quantity }) => [productId, quantity]));

const assertAlways = <Given>(given: fc.Arbitrary<Given>, holds: (given: Given) => void) =>
  fc.assert(fc.property(given, holds), { numRuns: 500, includeErrorInReport: true });

describe('after any commands', () => {
  it('a cart holds what was put in, less what was taken out and checked out, and what came back', () =>
    assertAlways(actions, (given) => {
      const model = emptyModel();
      let played = play(cart, []);
      for (const action of given) {
        played = play(cart, [commandOf(action, quantitiesOf(played.state.items))], played);
        modelled(model, action);
        expect(quantitiesOf(played.state.items)).toEqual(Object.fromEntries(model.items));
        expect(played.state.items).toHaveLength(model.items.size);
      }
    }));

  it('what was checked out is remembered until it is settled', () =>
    assertAlways(fc.array(fc.tuple(fc.nat(39), fc.boolean()), { maxLength: 80 }), (given) => {
      const standing = new Set<string>();
      let played = play(cart, []);
      for (const [number, isSettled] of given) {
        const orderId = `o${number}`;
        const before = played.events.length;
        const set = commandOf({ kind: 'set', productId: 'p1', quantity: 1 }, {});
        const action = { kind: isSettled ? 'complete' : 'checkOut', orderId } as const;
        played = play(cart, [...(isSettled ? [] : [set]), commandOf(action, { p1: 1 })], played);
        for (const { type, data } of played.events.slice(before)) {
          if (type === 'CartCheckedOut') standing.add(data.orderId);
          if (type === 'CheckoutCompleted') standing.delete(data.orderId);
        }
        const remembered = played.state.checkouts.map((checkout) => checkout.orderId);
        expect(remembered).toEqual(expect.arrayContaining([...standing]));
        expect(remembered.length).toBeLessThanOrEqual(mostCheckouts);
      }
    }));

  it('a cart and its memory stay small', () =>
    assertAlways(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 2, maxLength: 6 }), (sizes) => {
      const events = sizes.flatMap((size, index): CartEvent[] => {
        const lines = linesOf(Object.fromEntries(Array.from({ length: size }, (_, at) => [`p${index}-${at}`, 1])));
        const orderId = `o${index}`;
        return [{ type: 'CartCheckedOut', data: { userId, orderId, lines, address, paymentMethod: 'pm_ok' } }];
      });
      const rejections = sizes.map((_, index): CartEvent => ({
        type: 'CheckoutRejected',
        data: { userId, orderId: `o${index}`, code: 'no' },
      }));
      const { items, checkouts } = [...events, ...rejections].reduce(cart.evolve, cart.initial);
      const all = sizes.reduce((sum, size) => sum + size, 0);
      expect(items).toHaveLength(Math.min(all, mostLines));
      expect(checkouts.length).toBeLessThanOrEqual(mostCheckouts);
    }));

  it('the state is as it was after JSON has carried it, as snapshots do', () =>
    assertAlways(actions, (given) => {
      let played = play(cart, []);
      for (const action of given) played = play(cart, [commandOf(action, quantitiesOf(played.state.items))], played);
      expect(JSON.parse(JSON.stringify(played.state))).toEqual(played.state);
      expect(played.events.reduce(cart.evolve, cart.initial)).toEqual(played.state);
    }));
});
