import type { Account } from '../../../projections/accounts/queries.js';
import type { OrderView, ShipmentView } from '../../../projections/orders/queries.js';
import type { Found } from '../../../projections/shared/queries.js';

const money = { amount: 450, currency: 'EUR' };
const at = '2026-01-01T00:00:00.000Z';

/** What the views of a test gateway hold: a product, and what is Ada's. */
export const mug = {
  id: 'mug',
  sku: 'MUG-1',
  name: 'Mug',
  description: '',
  price: money,
  categories: [],
  available: 3,
};

export const order: OrderView = {
  id: 'o1',
  userId: 'ada',
  status: 'PENDING',
  statusReason: null,
  items: [],
  total: money,
  payment: null,
  shipment: null,
  placedAt: at,
  updatedAt: at,
  version: 0,
};

export const payment = {
  orderId: 'o1',
  userId: 'ada',
  status: 'PENDING',
  method: 'pm_ok',
  authorised: money,
  captured: { ...money, amount: 0 },
  refunded: { ...money, amount: 0 },
  attempts: [],
} as const;

export const shipment: ShipmentView = {
  orderId: 'o1',
  userId: 'ada',
  status: 'DISPATCHED',
  carrier: 'Swift',
  trackingNumber: 'T-1',
  tracking: [{ at, status: 'IN_TRANSIT', location: 'Ulm', note: null }],
};

export const account: Account = {
  id: 'ada',
  email: 'ada@example.com',
  name: 'Ada',
  phone: null,
  roles: ['customer'],
  status: 'ACTIVE',
  registeredAt: at,
};

export const found = <Item>(item: Item): Found<Item> => ({ item, etag: '"1-42"' });
