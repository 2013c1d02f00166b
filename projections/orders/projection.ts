import type { Line } from '../../domains/shared/line.js';
import { add, type Money } from '../../domains/shared/money.js';
import type { OrderEvent } from '../../domains/orders/events.js';
import type { PaymentEvent } from '../../domains/payments/events.js';
import type { ShipmentEvent } from '../../domains/shipping/events.js';
import type { OrderStatus } from '../shared/order-status.js';
import { refundStatus, type PaymentStatus } from '../shared/payment-status.js';
import type { ProjectedEvent, Projection } from '../shared/projection.js';
import { shipmentAfter, type Shipment } from './shipment.js';
import { shownParts } from './shown.js';
import { statusReasonOf, waitingForNothing, type Waiting } from './status-reason.js';

type EventOfOrder = OrderEvent | PaymentEvent | ShipmentEvent;

type PaymentOfOrder = Readonly<{ status: PaymentStatus; method: string; captured: Money; refunded: Money }>;

/** What is kept of an order. Personal fields of its events are not. */
export type OrderRow = Readonly<{
  id: string;
  userId: string;
  status: OrderStatus;
  statusReason: string | null;
  items: readonly Line[];
  total: Money;
  payment: PaymentOfOrder | null;
  shipment: Shipment | null;
  waiting: Waiting;
  placedAt: string;
  updatedAt: string;
  /** Revision of the order's stream. */
  version: number;
}>;

/** Orders with where their payments and shipments stand. */
export const orders: Projection<EventOfOrder, OrderRow> = {
  name: 'orders',
  version: 4,
  store: 'postgres',
  categories: ['order', 'payment', 'shipment'],
  key: ({ data }) => data.orderId,
  project: (event, row) => (event.type === 'OrderPlaced' ? placed(event) : row && after(event, row)),
  change: ({ type, data: { userId } }, row) => ({ type, userId, ...(row && toldOf(row)) }),
};

const toldOf = (row: OrderRow) => {
  const { status, statusReason, version, updatedAt } = row;
  return { status, statusReason, ...shownParts(row), version, updatedAt };
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
  shipment: null,
  waiting: waitingForNothing,
  placedAt: at,
  updatedAt: at,
  version: revision,
});

const after = (event: ProjectedEvent<EventOfOrder>, row: OrderRow): OrderRow => {
  switch (event.type) {
    case 'OrderPlaced':
    case 'PlacementAbandoned':
      return row;
    case 'OrderPaid':
      return movedTo('PAID', row, event);
    case 'OrderShipped':
      return movedTo('SHIPPED', row, event);
    case 'OrderDelivered':
      return movedTo('DELIVERED', row, event);
    case 'OrderReturned':
      return movedTo('RETURNED', row, event);
    case 'OrderRejected':
      return ended('REJECTED', row, event);
    case 'OrderCancelled':
      return ended('CANCELLED', row, event);
    case 'PaymentMethodOffered':
      return ordered(row, event, { offeredMethods: row.waiting.offeredMethods + 1 });
    case 'CancellationRequested':
      return ordered(row, event, { isCancelling: true });
    case 'SagaStepFailed':
      return ordered(row, event, { needsAttention: true });
    case 'SagaRetryRequested':
    case 'SagaSkipRequested':
    case 'SagaAbortRequested':
      return ordered(row, event, { needsAttention: false });
    case 'ReturnRequested':
      return ordered(row, event, {});
    case 'AuthorisationRequested': {
      const nothing = { amount: 0, currency: row.total.currency };
      const before = row.payment ?? { captured: nothing, refunded: nothing };
      const payment = { ...before, status: 'PENDING', method: event.data.method } as const;
      return { ...row, payment, updatedAt: event.at };
    }
    case 'PaymentAuthorised':
      return stepDone(withPayment(row, event, { status: 'AUTHORISED' }));
    case 'PaymentDeclined':
      return stepDone(withPayment(row, event, { status: 'DECLINED' }), { declinedAttempt: event.data.attempt });
    case 'PaymentCaptured':
      return stepDone(withPayment(row, event, { status: 'CAPTURED', captured: event.data.amount }));
    case 'CaptureRefused':
      return stepDone(withPayment(row, event, { status: 'CAPTURE_REFUSED' }));
    case 'PaymentVoided':
      return stepDone(withPayment(row, event, { status: 'VOIDED' }));
    // Staff may refund as well: it is no sign that the saga goes on.
    case 'PaymentRefunded': {
      if (!row.payment) return row;
      const refunded = add(row.payment.refunded, event.data.amount);
      return withPayment(row, event, { status: refundStatus(row.payment.captured, refunded), refunded });
    }
    case 'ShipmentCreated':
      return stepDone(withShipment(row, event));
    case 'DispatchStarted':
    case 'ShipmentDispatched':
    case 'TrackingUpdated':
    case 'ShipmentDelivered':
    case 'ShipmentReturned':
      return withShipment(row, event);
    case 'CaptureRequested':
    case 'VoidRequested':
    case 'RefundRequested':
    case 'RefundRefused':
    case 'ProviderNoticeRecorded':
      return row;
  }
};

const waiting = (row: OrderRow, change: Partial<Waiting>): OrderRow => {
  const changed = { ...row.waiting, ...change };
  const statusReason = isOver(row) ? row.statusReason : statusReasonOf(row.status, changed);
  return { ...row, waiting: changed, statusReason };
};

const isOver = ({ status }: OrderRow) => status === 'REJECTED' || status === 'CANCELLED';

/** After an event of the order's own stream. */
const ordered = (row: OrderRow, { revision, at }: ProjectedEvent, change: Partial<Waiting>): OrderRow => ({
  ...waiting(row, change),
  version: revision,
  updatedAt: at,
});

const movedTo = (status: OrderStatus, row: OrderRow, event: ProjectedEvent): OrderRow =>
  ordered({ ...row, status }, event, { needsAttention: false });

const ended = (
  status: 'REJECTED' | 'CANCELLED',
  row: OrderRow,
  event: ProjectedEvent<Extract<OrderEvent, { type: 'OrderRejected' | 'OrderCancelled' }>>,
): OrderRow => ordered({ ...row, status, statusReason: event.data.reason }, event, waitingForNothing);

/** After a step of the saga came to its outcome: whatever was given up before, it goes on. */
const stepDone = (row: OrderRow, change: Partial<Waiting> = {}): OrderRow =>
  waiting(row, { ...change, needsAttention: false });

const withPayment = (row: OrderRow, { at }: Readonly<{ at: string }>, change: Partial<PaymentOfOrder>): OrderRow =>
  row.payment ? { ...row, payment: { ...row.payment, ...change }, updatedAt: at } : row;

const withShipment = (row: OrderRow, event: ProjectedEvent<ShipmentEvent>): OrderRow => {
  const shipment = shipmentAfter(event, row.shipment);
  return shipment === row.shipment ? row : { ...row, shipment, updatedAt: event.at };
};
