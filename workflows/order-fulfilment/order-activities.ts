import type { MarkOrderPaid, RejectOrder } from '../../domains/orders/commands.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import type { SendCommand } from './command-sender.js';
import type { Fulfilment, Origin } from './fulfilment.js';
import { keyOf } from './idempotency-keys.js';
import { insisting, turningBack } from './refusals.js';

export const createOrderActivities = ({ bus, send }: Readonly<{ bus: ServiceBus; send: SendCommand }>) => {
  const fulfilmentOf = async ({ orderId }: Origin): Promise<Fulfilment> => {
    const answer = await bus.ask('orders', 'fulfilmentOf', { orderId });
    // The saga was begun by the order's own event: an answer that there is none cannot be the last word.
    if (answer === null) throw new Error(`orders does not know order ${orderId} yet`);
    return answer as Fulfilment;
  };

  const markOrderPaid = async ({ origin, paymentId }: Readonly<{ origin: Origin; paymentId: string }>) => {
    const { orderId } = origin;
    const command: MarkOrderPaid = { type: 'MarkOrderPaid', data: { orderId, paymentId } };
    await send(origin, 'orders', command, keyOf(orderId, 'mark-paid', 1));
  };

  const rejectOrder = async ({ origin, reason }: Readonly<{ origin: Origin; reason: string }>) => {
    const { orderId } = origin;
    const command: RejectOrder = { type: 'RejectOrder', data: { orderId, reason } };
    await send(origin, 'orders', command, keyOf(orderId, 'reject', 1));
  };

  return {
    fulfilmentOf: insisting(fulfilmentOf),
    markOrderPaid: turningBack(markOrderPaid),
    rejectOrder: insisting(rejectOrder),
  };
};
