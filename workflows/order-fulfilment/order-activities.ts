import type { OrderCommand } from '../../domains/orders/commands.js';
import { isDomainError } from '../../domains/shared/errors.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import type { SendCommand } from './command-sender.js';
import type { Cause, Fulfilment } from './fulfilment.js';
import { keyOf, type KeyedStep } from './idempotency-keys.js';
import { failure, insisting, turningBack } from './refusals.js';

/** Who asks is the saga: no command says it. */
type Told =
  OrderCommand | Readonly<{ type: 'RequestSagaAbort' | 'RequestSagaRetry'; data: Readonly<{ orderId: string }> }>;
type Ended = Readonly<{ status: 'REJECTED' | 'CANCELLED'; rejectionReason: string | null }>;
type GivenUp = Readonly<{ cause: Cause; step: string; attempt: number; code: string; count: number }>;

export const createOrderActivities = ({ bus, send }: Readonly<{ bus: ServiceBus; send: SendCommand }>) => {
  const fulfilmentOf = async ({ orderId }: Cause): Promise<Fulfilment> => {
    const answer = await bus.ask('orders', 'fulfilmentOf', { orderId });
    // The saga was begun by the order's own event: an answer that there is none cannot be the last word.
    if (answer === null) throw failure('order.not_found', 'orders does not know the order yet');
    return answer as Fulfilment;
  };

  const markOrderPaid = ({ cause, paymentId }: Readonly<{ cause: Cause; paymentId: string }>) =>
    tell(cause, { type: 'MarkOrderPaid', data: { orderId: cause.orderId, paymentId } }, 'mark-paid');

  /** Gives false where the order is to be gone on with: another method was offered, or it is being cancelled. */
  const rejectDeclined = ({ cause, attempt }: Readonly<{ cause: Cause; attempt: number }>): Promise<boolean> => {
    const data = { orderId: cause.orderId, reason: 'payment_declined', answeredMethods: attempt - 1 };
    return whereItMay(tell(cause, { type: 'RejectOrder', data }, 'reject'));
  };

  /**
   * Ends an order of which all that was done has been undone, and gives how it ended. Whether it was rejected or
   * cancelled is the order's to say; one that was paid unheard is given up.
   */
  const closeOrder = async ({ cause, reason }: Readonly<{ cause: Cause; reason: string }>): Promise<Ended> => {
    const { orderId } = cause;
    const { status, cancelling, abortRequested, rejectionReason } = await fulfilmentOf(cause);
    if (status === 'REJECTED' || status === 'CANCELLED') return { status, rejectionReason };
    if (status === 'PENDING' && !cancelling && !abortRequested) {
      await tell(cause, { type: 'RejectOrder', data: { orderId, reason } }, 'reject');
      return { status: 'REJECTED', rejectionReason: reason };
    }
    if (!cancelling && !abortRequested) await requestAbort(cause);
    await tell(cause, { type: 'CancelOrder', data: { orderId } }, 'cancel');
    return { status: 'CANCELLED', rejectionReason: null };
  };

  /** What was asked of Temporal instead of the order is put into the order's stream; too late, it is left out. */
  const requestAbort = async (cause: Cause) => {
    await whereItMay(tell(cause, { type: 'RequestSagaAbort', data: { orderId: cause.orderId } }, 'abort'));
  };

  const recordStepFailure = ({ cause, step, attempt, code, count }: GivenUp) => {
    const data = { orderId: cause.orderId, step, attempt, code };
    return tell(cause, { type: 'RecordStepFailure', data }, 'step-failed', count);
  };

  const recordRecovery = async ({ cause, count }: Pick<GivenUp, 'cause' | 'count'>) => {
    const command = { type: 'RequestSagaRetry', data: { orderId: cause.orderId } } as const;
    await whereItMay(tell(cause, command, 'recovered', count));
  };

  const mark = (type: 'MarkOrderShipped' | 'MarkOrderDelivered' | 'MarkOrderReturned', step: KeyedStep) =>
    insisting((cause: Cause) => tell(cause, { type, data: { orderId: cause.orderId } }, step));

  const tell = async (cause: Cause, command: Told, step: KeyedStep, attempt = 1) => {
    await send(cause, 'orders', command, keyOf(cause.workflowId, step, attempt));
  };

  return {
    fulfilmentOf: insisting(fulfilmentOf),
    markOrderPaid: turningBack(markOrderPaid),
    rejectDeclined: insisting(rejectDeclined),
    closeOrder: insisting(closeOrder),
    requestAbort: insisting(requestAbort),
    recordStepFailure: insisting(recordStepFailure),
    recordRecovery: insisting(recordRecovery),
    markOrderShipped: mark('MarkOrderShipped', 'mark-shipped'),
    markOrderDelivered: mark('MarkOrderDelivered', 'mark-delivered'),
    markOrderReturned: mark('MarkOrderReturned', 'mark-returned'),
  };
};

/** Says whether it was; an order that has gone on meanwhile is left as it is. */
const whereItMay = async (told: Promise<void>): Promise<boolean> => {
  try {
    await told;
    return true;
  } catch (error) {
    if (isDomainError(error) && error.code === 'order.illegal_transition') return false;
    throw error;
  }
};
