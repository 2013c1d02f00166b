import type { OrderEvent } from '../../domains/orders/events.js';
import type { UserEvent } from '../../domains/users/events.js';
import { hour, rowAfterFor } from '../shared/testing/rows.js';
import { customers, mostRecentOrders } from './projection.js';

const userId = 'u1';
const total = { amount: 900, currency: 'EUR' };
const ada = { email: 'ada@example.org', name: 'Ada', phone: null };
const hashes = { emailHash: 'h1', previousEmailHash: 'h1', claimId: 'c1', previousClaimId: 'c1' };
const address = { name: 'Ada Lovelace', street: 'Long Street 1', city: 'London', postalCode: 'N1', country: 'GB' };

const registered: UserEvent = {
  type: 'UserRegistered',
  data: { userId, ...ada, emailHash: 'h1', roles: ['customer'] },
};
const countess = { email: 'countess@example.org', name: 'Countess', phone: '+441234' };
const changed: UserEvent = { type: 'UserProfileChanged', data: { userId, ...countess, ...hashes } };
const erased: UserEvent = { type: 'UserErased', data: { userId } };
const placed = (orderId: string): OrderEvent => ({
  type: 'OrderPlaced',
  data: { orderId, userId, lines: [], total, address, paymentMethod: 'pm_ok', fromCart: false },
});
const owned = { orderId: 'o1', userId };
const paid: OrderEvent = { type: 'OrderPaid', data: { ...owned, paymentId: 'o1', lines: [], total } };

const rowAfter = rowAfterFor(customers);
const idsAfter = (...events: (UserEvent | OrderEvent)[]) => rowAfter(...events)?.orders.map(({ id }) => id);

describe('a customer', () => {
  it('is known by address and name', () => expect(rowAfter(registered)).toEqual({ id: 'u1', ...ada, orders: [] }));

  it('is known by the profile as it was changed last', () =>
    expect(rowAfter(registered, changed)).toEqual({ id: 'u1', ...countess, orders: [] }));

  it.each<UserEvent>([
    { type: 'UserRolesChanged', data: { userId, roles: ['staff'] } },
    { type: 'UserDeactivated', data: { userId } },
    { type: 'ErasureRequested', data: { userId, requestId: 'r1' } },
    { type: 'ErasureWithdrawn', data: { userId, requestId: 'r1' } },
    { type: 'RegistrationAbandoned', data: { userId, claimId: 'c1' } },
  ])('stays the same after $type, which makes nobody known', (event) => {
    expect(rowAfter(registered, event)).toEqual(rowAfter(registered));
    expect(rowAfter(event)).toBeUndefined();
  });

  it('who is erased has neither address nor name, and the same orders', () => {
    const before = rowAfter(registered, placed('o1'));
    expect(rowAfter(registered, placed('o1'), erased)).toEqual({ ...before, email: null, name: null, phone: null });
    expect(rowAfter(erased)).toBeUndefined();
  });
});

describe('the orders of a customer', () => {
  it('are shown as they were placed, and nothing of their addresses', () => {
    const shown = rowAfter(registered, placed('o1'));
    expect(shown?.orders).toEqual([{ id: 'o1', status: 'PENDING', total, placedAt: hour(1) }]);
    expect(JSON.stringify(shown)).not.toContain('Lovelace');
  });

  it.each<[string, OrderEvent]>([
    ['PAID', paid],
    ['SHIPPED', { type: 'OrderShipped', data: owned }],
    ['DELIVERED', { type: 'OrderDelivered', data: owned }],
    ['RETURNED', { type: 'OrderReturned', data: owned }],
    ['REJECTED', { type: 'OrderRejected', data: { ...owned, reason: 'out_of_stock' } }],
    ['CANCELLED', { type: 'OrderCancelled', data: { ...owned, reason: 'customer' } }],
    ['PENDING', { type: 'CancellationRequested', data: { ...owned, reason: null, by: userId } }],
    ['PENDING', { type: 'SagaStepFailed', data: { ...owned, step: 'capture', attempt: 1, code: 'timeout' } }],
  ])('are %s after $type', (status, event) =>
    expect(rowAfter(registered, placed('o1'), placed('o2'), event)?.orders).toMatchObject([
      { id: 'o2', status: 'PENDING' },
      { id: 'o1', status },
    ]),
  );

  it('are the newest ones', () => {
    const orders = Array.from({ length: mostRecentOrders + 2 }, (_, index) => placed(`o${index}`));
    const newest = ['o11', 'o10', 'o9', 'o8', 'o7', 'o6', 'o5', 'o4', 'o3', 'o2'];
    expect(idsAfter(registered, ...orders)).toEqual(newest);
    const row = rowAfter(registered, ...orders.slice(2));
    expect(customers.project({ ...paid, streamId: 'order-o1', revision: 1, at: hour(20) }, row)).toBe(row);
  });

  it('are kept of somebody who is not known yet', () => {
    expect(rowAfter(placed('o1'), changed)).toMatchObject({ id: 'u1', ...countess, orders: [{ id: 'o1' }] });
    expect(rowAfter(paid)).toBeUndefined();
  });
});
