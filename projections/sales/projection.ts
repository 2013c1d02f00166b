import type { OrderEvent } from '../../domains/orders/events.js';
import type { PaymentEvent } from '../../domains/payments/events.js';
import type { Addition, ProjectedEvent, Tally } from '../shared/projection.js';

/** What is counted of a day as a whole, in one currency; amounts are in minor units. */
export type DayCounters = Readonly<{ orders: number; revenue: number; refunded: number }>;

/** What is counted of one product on a day. */
export type ProductCounters = Readonly<{ quantity: number; revenue: number }>;

/**
 * What was sold on each day (UTC) in each currency, and what was given back on it. Its rows are `<day>/<currency>/` for
 * the day as a whole, and `<day>/<currency>/<product>`; no id has a slash in it.
 */
export const sales: Tally<OrderEvent | PaymentEvent> = {
  name: 'sales',
  version: 1,
  store: 'postgres',
  categories: ['order', 'payment'],
  key: ({ data }) => data.orderId,
  additions: (event) => {
    if (event.type === 'OrderPaid') return sold(event);
    return event.type === 'PaymentRefunded' ? givenBack(event) : [];
  },
};

const sold = (event: ProjectedEvent<Extract<OrderEvent, { type: 'OrderPaid' }>>): readonly Addition[] => {
  const { lines, total } = event.data;
  const whole = { orders: 1, revenue: total.amount } satisfies Partial<DayCounters>;
  const ofProducts = lines.map(({ productId, quantity, unitPrice }) => ({
    row: rowOf(event, unitPrice.currency, productId),
    add: { quantity, revenue: quantity * unitPrice.amount } satisfies ProductCounters,
  }));
  return [{ row: rowOf(event, total.currency), add: whole }, ...ofProducts];
};

const givenBack = (event: ProjectedEvent<Extract<PaymentEvent, { type: 'PaymentRefunded' }>>): readonly Addition[] => {
  const { amount, currency } = event.data.amount;
  return [{ row: rowOf(event, currency), add: { refunded: amount } satisfies Partial<DayCounters> }];
};

const rowOf = ({ at }: Readonly<{ at: string }>, currency: string, productId = '') =>
  `${at.slice(0, 'YYYY-MM-DD'.length)}/${currency}/${productId}`;
