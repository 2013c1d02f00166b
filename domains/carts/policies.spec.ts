import type { Policy, PolicyEvent } from '../shared/policy.js';
import { cartPolicies } from './policies.js';
import { address, linesOf, price, userId } from './testing/example-cart.js';

const [policy, completing, puttingBack] = cartPolicies as readonly [Policy, Policy, Policy];
const lines = linesOf({ p1: 2, p2: 1 });
const data = { userId, orderId: 'o1', lines, address, paymentMethod: 'pm_ok' };
const event = (over: object = {}): PolicyEvent => ({
  ...{ id: 'e1', streamId: 'cart-u1', type: 'CartCheckedOut', at: '2026-01-01T00:00:00.000Z' },
  data: { ...data, ...over },
});

describe('what was checked out', () => {
  it('is placed, at the prices of its time', () =>
    expect(policy.command(event())).toEqual({
      context: 'orders',
      type: 'PlaceOrder',
      data: {
        ...{ orderId: 'o1', userId, paymentMethod: 'pm_ok', shippingAddress: address, fromCart: true },
        items: [
          { productId: 'p1', quantity: 2 },
          { productId: 'p2', quantity: 1 },
        ],
        quoted: [
          { productId: 'p1', unitPrice: price },
          { productId: 'p2', unitPrice: price },
        ],
      },
    }));
  it('is not placed for somebody whose address is gone', () =>
    expect(policy.command(event({ address: null }))).toBeNull());
  it('is given up where that is refused', () =>
    expect(policy.otherwise?.(event(), 'order.unknown_user')).toEqual({
      context: 'orders',
      type: 'AbandonPlacement',
      data: { orderId: 'o1', userId, code: 'order.unknown_user' },
    }));
  // The id of the command is made from the name and the key: whoever places it at once needs the same ones.
  it('is placed once, whoever does it', () => {
    expect(policy).toMatchObject({ name: 'carts/place-order', after: 'grace', opensPersonal: true });
    expect(policy.key?.(event())).toBe('o1');
    expect([policy.category, policy.type]).toEqual(['cart', 'CartCheckedOut']);
  });
});

describe('an order that was given up before it was placed', () => {
  const abandoned: PolicyEvent = {
    ...{ id: 'e2', streamId: 'order-o1', type: 'PlacementAbandoned', at: '2026-01-01T00:00:00.000Z' },
    data: { orderId: 'o1', userId, code: 'order.unknown_user' },
  };
  it('has its lines put back', () =>
    expect(puttingBack.command(abandoned)).toEqual({
      context: 'carts',
      type: 'RejectCheckout',
      data: { userId, orderId: 'o1', code: 'order.unknown_user' },
    }));
  it('has them put back once, whoever does it', () => {
    expect(puttingBack).toMatchObject({ name: 'carts/reject-checkout', after: 'at_once' });
    expect(puttingBack.key?.(abandoned)).toBe('o1');
    expect([puttingBack.category, puttingBack.type]).toEqual(['order', 'PlacementAbandoned']);
  });
});

it('an order that was placed completes its checkout', () => {
  const placed = (over: object): PolicyEvent => ({
    ...{ id: 'e3', streamId: 'order-o1', type: 'OrderPlaced', at: '2026-01-01T00:00:00.000Z' },
    data: { orderId: 'o1', userId, lines, total: price, address: null, paymentMethod: 'pm_ok', ...over },
  });
  expect(completing).toMatchObject({ name: 'carts/complete-checkout', after: 'at_once' });
  expect([completing.category, completing.type]).toEqual(['order', 'OrderPlaced']);
  const completed = { context: 'carts', type: 'CompleteCheckout', data: { userId, orderId: 'o1' } };
  expect(completing.command(placed({ fromCart: true }))).toEqual(completed);
  // Stored before it was told.
  expect(completing.command(placed({ fromCart: null }))).toEqual(completed);
  expect(completing.command(placed({ fromCart: false }))).toBeNull();
});
