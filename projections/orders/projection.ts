import { add, type Money } from '../../domains/shared/money.js';
import type { OrderEvent, OrderLine } from '../../domains/orders/events.js';
import type { PaymentEvent } from '../../domains/payments/events.js';
import { refundStatus, type PaymentStatus } from '../shared/payment-status.js';
import type { ProjectedEvent, Projection } from '../shared/projection.js';

type PaymentOfOrder = Readonly<{ status: PaymentStatus; method: string; captured: Money; refunded: Money }>;

/** What is kept of an order. Personal fields of its events are not. */
export type OrderRow = Readonly<{
  id: string;
  userId: string;
  status: 'PENDING' | 'PAID' | 'REJECTED';
  statusReason: string | null;
  items: readonly OrderLine[];
  total: Money;
  payment: PaymentOfOrder | null;
  placedAt: string;
  updatedAt: string;
  /** Revision of the order's stream. */
  version: number;
}>;

/** Orders with where their payments stand. */
export const orders: Projection<OrderEvent | PaymentEvent, OrderRow> = {
  name: 'orders',
  version: 1,
  store: 'postgres',
  categories: ['order', 'payment'],
  key: ({ data }) => data.orderId,
  project: (event, row) => (event.type === 'OrderPlaced' ? placed(event) : row && after(event, row)),
};

const placed = ({
  data: { orderId, userId, lines, total },
  at,
  revision,
}: ProjectedEvent<Extract<OrderEvent, { type: 'OrderPlaced' }>>): OrderRow => ({
  id: orderId,
  userId,
  status: 'PENDING',
  statusReason: null,
  items: lines.map(({ productId, sku, name, quantity, unitPrice }) => ({ productId, sku, name, quantity, unitPrice })),
  total,
  payment: null,
  placedAt: at,
  updatedAt: at,
  version: revision,
});

const after = (event: ProjectedEvent<OrderEvent | PaymentEvent>, row: OrderRow): OrderRow => {
  switch (event.type) {
    case 'OrderPlaced':
      return row;
    case 'OrderPaid':
      return { ...row, status: 'PAID', statusReason: null, version: event.revision, updatedAt: event.at };
    case 'OrderRejected': {
      const statusReason = event.data.reason;
      return { ...row, status: 'REJECTED', statusReason, version: event.revision, updatedAt: event.at };
    }
    case 'AuthorisationRequested': {
      const nothing = { amount: 0, currency: row.total.currency };
      const before = row.payment ?? { captured: nothing, refunded: nothing };
      const payment = { ...before, status: 'PENDING', method: event.data.method } as const;
      return { ...row, payment, updatedAt: event.at };
    }
    case 'PaymentAuthorised':
      return withPayment(row, event, { status: 'AUTHORISED' });
    case 'PaymentDeclined':
      return withPayment(row, event, { status: 'DECLINED' });
    case 'PaymentCaptured':
      return withPayment(row, event, { status: 'CAPTURED', captured: event.data.amount });
    case 'CaptureRefused':
      return withPayment(row, event, { status: 'CAPTURE_REFUSED' });
    case 'PaymentVoided':
      return withPayment(row, event, { status: 'VOIDED' });
    case 'PaymentRefunded': {
      if (!row.payment) return row;
      const refunded = add(row.payment.refunded, event.data.amount);
      return withPayment(row, event, { status: refundStatus(row.payment.captured, refunded), refunded });
    }
    case 'CaptureRequested':
    case 'VoidRequested':
    case 'RefundRequested':
    case 'RefundRefused':
      return row;
  }
};

const withPayment = (row: OrderRow, { at }: Readonly<{ at: string }>, change: Partial<PaymentOfOrder>): OrderRow =>
  row.payment ? { ...row, payment: { ...row.payment, ...change }, updatedAt: at } : row;
