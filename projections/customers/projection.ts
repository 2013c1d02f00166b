import type { OrderEvent } from '../../domains/orders/events.js';
import type { Money } from '../../domains/shared/money.js';
import type { Person, UserEvent } from '../../domains/users/events.js';
import type { OrderStatus } from '../shared/order-status.js';
import type { ProjectedEvent, Projection } from '../shared/projection.js';

/** How many of a person's orders are shown with them. */
export const mostRecentOrders = 10;

export type RecentOrder = Readonly<{ id: string; status: OrderStatus; total: Money; placedAt: string }>;

/** A person with the orders that were placed last, newest first. Who was erased has neither address nor name. */
export type CustomerView = Person & Readonly<{ id: string; orders: readonly RecentOrder[] }>;

/** Profiles with recent orders. */
export const customers: Projection<UserEvent | OrderEvent, CustomerView> = {
  name: 'customers',
  version: 1,
  store: 'mongodb',
  categories: ['user', 'order'],
  key: ({ data }) => data.userId,
  personal: ['email', 'name', 'phone'],
  project: (event, row) => {
    switch (event.type) {
      case 'UserRegistered':
      case 'UserProfileChanged': {
        const { userId, email, name, phone } = event.data;
        return { ...(row ?? unknown(userId)), email, name, phone };
      }
      case 'UserErased':
        return row && { ...row, ...nobody };
      case 'UserRolesChanged':
      case 'UserDeactivated':
      case 'ErasureRequested':
      case 'ErasureWithdrawn':
      case 'RegistrationAbandoned':
        return row;
      case 'OrderPlaced':
        return placed(event, row ?? unknown(event.data.userId));
      case 'OrderPaid':
        return moved('PAID', event, row);
      case 'OrderShipped':
        return moved('SHIPPED', event, row);
      case 'OrderDelivered':
        return moved('DELIVERED', event, row);
      case 'OrderReturned':
        return moved('RETURNED', event, row);
      case 'OrderRejected':
        return moved('REJECTED', event, row);
      case 'OrderCancelled':
        return moved('CANCELLED', event, row);
      case 'PlacementAbandoned':
      case 'PaymentMethodOffered':
      case 'CancellationRequested':
      case 'ReturnRequested':
      case 'SagaStepFailed':
      case 'SagaRetryRequested':
      case 'SagaSkipRequested':
      case 'SagaAbortRequested':
        return row;
    }
  },
};

const nobody: Person = { email: null, name: null, phone: null };

const unknown = (id: string): CustomerView => ({ id, ...nobody, orders: [] });

const placed = (
  { data, at }: ProjectedEvent<Extract<OrderEvent, { type: 'OrderPlaced' }>>,
  row: CustomerView,
): CustomerView => {
  const order = { id: data.orderId, status: 'PENDING', total: data.total, placedAt: at } as const;
  return { ...row, orders: [order, ...row.orders].slice(0, mostRecentOrders) };
};

/** Orders that are shown no more are of no interest. */
const moved = (
  status: OrderStatus,
  { data: { orderId } }: ProjectedEvent<OrderEvent>,
  row: CustomerView | undefined,
): CustomerView | undefined =>
  row?.orders.some(({ id }) => id === orderId)
    ? { ...row, orders: row.orders.map((order) => (order.id === orderId ? { ...order, status } : order)) }
    : row;
