import type { Policy, PolicyEvent } from '../shared/policy.js';
import { orderPolicies } from './policies.js';
import { owned } from './testing/example-order.js';

const [policy] = orderPolicies as readonly [Policy];
const event: PolicyEvent = {
  ...{ id: 'e1', streamId: 'order-o1', type: 'OrderShipped', at: '2026-01-01T00:00:00.000Z' },
  data: owned,
};

describe('an order that was marked as shipped', () => {
  it('has its dispatch recorded', () =>
    expect(policy.command(event)).toEqual({
      context: 'shipping',
      type: 'RecordDispatch',
      data: { orderId: 'o1', carrier: null, trackingNumber: null },
    }));
  // The id of the command is made from the name and the key: whoever records it at once needs the same ones.
  it('has it recorded once, whoever does it', () => {
    expect(policy).toMatchObject({ name: 'orders/record-dispatch', after: 'grace' });
    expect(policy.key?.(event)).toBe('o1');
    expect([policy.category, policy.type]).toEqual(['order', 'OrderShipped']);
  });
});
