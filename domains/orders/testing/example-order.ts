import type { Line } from '../../shared/line.js';
import type { OrderCommand } from '../commands.js';
import type { OrderEvent } from '../events.js';

/** Whose order every spec speaks of. */
export const owned = { orderId: 'o1', userId: 'u1' };
const { orderId } = owned;

/** So many cents. */
export const eur = (amount: number) => ({ amount, currency: 'EUR' });

/** A line of an order. */
export const line = (productId: string, quantity: number, price = eur(450)): Line => ({
  productId,
  sku: productId.toUpperCase(),
  name: productId,
  quantity,
  unitPrice: price,
});

/** What was ordered, and where it goes. */
export const lines = [line('p1', 2)];
export const address = { name: 'Ada', street: '1 Mill Lane', city: 'London', postalCode: 'N1', country: 'GB' };

/** Every command, with data that fits the events below. */
export const commands = {
  place: (of: readonly Line[] = lines): OrderCommand => ({
    type: 'PlaceOrder',
    data: { ...owned, lines: of, address, paymentMethod: 'pm_ok', fromCart: false },
  }),
  abandon: (): OrderCommand => ({ type: 'AbandonPlacement', data: { ...owned, code: 'order.unknown_product' } }),
  offer: (): OrderCommand => ({ type: 'OfferPaymentMethod', data: { orderId, paymentMethod: 'pm_2' } }),
  pay: (paymentId = 'pay1'): OrderCommand => ({ type: 'MarkOrderPaid', data: { orderId, paymentId } }),
  reject: (reason = 'out_of_stock', answeredMethods?: number): OrderCommand => ({
    type: 'RejectOrder',
    data: { orderId, reason, ...(answeredMethods === undefined ? {} : { answeredMethods }) },
  }),
  cancel: (by = 'u1'): OrderCommand => ({ type: 'RequestCancellation', data: { orderId, reason: 'too late', by } }),
  endCancelled: (reason: string | null = null): OrderCommand => ({ type: 'CancelOrder', data: { orderId, reason } }),
  ship: (): OrderCommand => ({ type: 'MarkOrderShipped', data: { orderId } }),
  deliver: (): OrderCommand => ({ type: 'MarkOrderDelivered', data: { orderId } }),
  giveBack: (): OrderCommand => ({ type: 'RequestReturn', data: { orderId, reason: 'broken' } }),
  endReturned: (): OrderCommand => ({ type: 'MarkOrderReturned', data: { orderId } }),
  fail: (step = 'capture', attempt = 1): OrderCommand => ({
    type: 'RecordStepFailure',
    data: { orderId, step, attempt, code: 'step_failed' },
  }),
  retry: (): OrderCommand => ({ type: 'RequestSagaRetry', data: { orderId, by: 's1' } }),
  skip: (): OrderCommand => ({ type: 'RequestSagaSkip', data: { orderId, by: 's1' } }),
  abort: (): OrderCommand => ({ type: 'RequestSagaAbort', data: { orderId, by: 's1' } }),
};

/** The events that they cause. */
export const events = {
  placed: {
    type: 'OrderPlaced',
    data: { ...owned, lines, total: eur(900), address, paymentMethod: 'pm_ok', fromCart: false },
  },
  abandoned: { type: 'PlacementAbandoned', data: { ...owned, code: 'order.unknown_product' } },
  offered: { type: 'PaymentMethodOffered', data: { ...owned, paymentMethod: 'pm_2' } },
  paid: { type: 'OrderPaid', data: { ...owned, paymentId: 'pay1', lines, total: eur(900) } },
  rejected: { type: 'OrderRejected', data: { ...owned, reason: 'out_of_stock' } },
  cancelling: { type: 'CancellationRequested', data: { ...owned, reason: 'too late', by: 'u1' } },
  cancelled: { type: 'OrderCancelled', data: { ...owned, reason: 'customer' } },
  shipped: { type: 'OrderShipped', data: owned },
  delivered: { type: 'OrderDelivered', data: owned },
  returning: { type: 'ReturnRequested', data: { ...owned, reason: 'broken' } },
  returned: { type: 'OrderReturned', data: owned },
  failed: { type: 'SagaStepFailed', data: { ...owned, step: 'capture', attempt: 1, code: 'step_failed' } },
  retryRequested: { type: 'SagaRetryRequested', data: { ...owned, by: 's1' } },
  skipRequested: { type: 'SagaSkipRequested', data: { ...owned, by: 's1' } },
  abortRequested: { type: 'SagaAbortRequested', data: { ...owned, by: 's1' } },
} as const satisfies Record<string, OrderEvent>;
