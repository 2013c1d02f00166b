import { DomainError } from '../../domains/shared/errors.js';
import type { Caller } from '../../infra/security/access-tokens.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import { maySee } from '../http/route.js';

type StandingOrder = Readonly<{ userId: string; status: string; cancelling: boolean }>;

/**
 * An order that the caller may do something with, as its own stream tells it: a view can be behind.
 *
 * @param mayUse whether the caller may, by whose it is.
 * @throws DomainError `order.not_found` also where it is somebody else's; what `ask` throws.
 */
export const orderFor = async (
  bus: Pick<ServiceBus, 'ask'>,
  caller: Caller,
  orderId: string,
  mayUse: (caller: Caller, ownerId: string) => boolean = maySee,
): Promise<StandingOrder> => {
  const order = (await bus.ask('orders', 'orderOf', { orderId })) as StandingOrder | null;
  if (!order || !mayUse(caller, order.userId)) throw new DomainError('order.not_found', `There is no order ${orderId}`);
  return order;
};
