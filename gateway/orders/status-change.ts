import { dispatchOf, recordDispatchPolicy } from '../../domains/orders/commands.js';
import { DomainError, isDomainError, type ErrorCode } from '../../domains/shared/errors.js';
import { policyCommandId } from '../../infra/policies/policy-command-id.js';
import type { CommandMessage, Receipt, ServiceBus } from '../../infra/service-bus/service-bus.js';
import type { CommandContext } from '../http/command-context.js';
import { furtherCommand, sharedCommand, together } from '../http/further-commands.js';

export const newStatuses = ['SHIPPED', 'DELIVERED', 'CANCELLED'] as const;

/** What staff can set an order's status to. */
export type NewStatus = (typeof newStatuses)[number];

const refusals: readonly ErrorCode[] = [
  'order.not_found',
  'shipment.not_found',
  'shipment.illegal_transition',
  'order.not_cancellable',
];

/**
 * Sends what brings an order to a status: commands on its shipment, which the order follows, or a cancel.
 *
 * @throws DomainError `order.illegal_transition` where the order does not come to that status from where it is; what the
 * bus throws.
 */
export const changeStatus = async (
  bus: Pick<ServiceBus, 'send'>,
  { orderId, status: present, cancelling }: Readonly<{ orderId: string; status: string; cancelling: boolean }>,
  status: NewStatus,
  message: CommandContext['message'],
): Promise<Receipt> => {
  if (cancelling && status !== 'CANCELLED') throw illegalTransition('The order is being cancelled');
  try {
    return await commandsFor(bus, { orderId, isPaid: present === 'PAID' }, message)[status]();
  } catch (error) {
    throw isDomainError(error) && refusals.includes(error.code) ? illegalTransition(error.message) : error;
  }
};

const commandsFor = (
  bus: Pick<ServiceBus, 'send'>,
  { orderId, isPaid }: Readonly<{ orderId: string; isPaid: boolean }>,
  message: CommandContext['message'],
): Readonly<Record<NewStatus, () => Promise<Receipt>>> => ({
  SHIPPED: async () => {
    const start = message('StartDispatch', { orderId });
    // The saga creates the shipment of what is paid; nobody need wait for it.
    if (isPaid) await bus.send('shipping', furtherCommand(start, 'CreateShipment', { orderId }));
    return dispatch(bus, orderId, start);
  },
  DELIVERED: () => bus.send('shipping', message('RecordDelivery', { orderId })),
  CANCELLED: () => bus.send('orders', message('RequestCancellation', { orderId, reason: null })),
});

/** The policy of orders records the dispatch where this comes to no end once the order is marked. */
const dispatch = async (bus: Pick<ServiceBus, 'send'>, orderId: string, start: CommandMessage): Promise<Receipt> => {
  await bus.send('shipping', start);
  const marked = await markShipped(bus, orderId, start);
  const commandId = policyCommandId(recordDispatchPolicy, orderId);
  const record = sharedCommand(start, { commandId, type: 'RecordDispatch', data: dispatchOf(orderId) });
  return together(marked, await bus.send('shipping', record));
};

/** The order decides whether a cancel or the dispatch was first. */
const markShipped = async (bus: Pick<ServiceBus, 'send'>, orderId: string, start: CommandMessage): Promise<Receipt> => {
  try {
    return await bus.send('orders', furtherCommand(start, 'MarkOrderShipped', { orderId }));
  } catch (error) {
    if (isDomainError(error) && error.code === 'order.illegal_transition')
      await bus.send('shipping', furtherCommand(start, 'CancelShipment', { orderId }));
    throw error;
  }
};

const illegalTransition = (detail: string) => new DomainError('order.illegal_transition', detail);
