import { v4 as randomId } from 'uuid';
import type { Credentials } from '../../infra/security/credentials.js';
import type { Erasure } from '../../infra/security/personal-data.js';
import type { CommandMessage, Receipt, ServiceBus } from '../../infra/service-bus/service-bus.js';
import { furtherCommand, sharedCommand } from '../http/further-commands.js';

export type ErasingParts = Readonly<{
  bus: ServiceBus;
  credentials: Pick<Credentials, 'emailHashOf'>;
  erasure: Erasure;
}>;

type Erasing = Readonly<{
  userId: string;
  message: (type: string, data: unknown) => CommandMessage;
  /** Throws where an order of the person is under way. */
  refuseWithOpenOrders: () => Promise<void>;
}>;

/**
 * Erases a person of whom no order is under way. It is requested before orders are looked for, so that none is placed
 * unseen after the look. Where one is found, the request is withdrawn, as it is by a policy where whoever made it died;
 * from `UserErased` on the policies complete what is left.
 *
 * @throws DomainError what `refuseWithOpenOrders` and the bus throw; `user.erasure_withdrawn` where it took too long;
 * `service.unavailable` naming what is not erased yet.
 */
export const erasePerson = async (
  { bus, credentials, erasure }: ErasingParts,
  { userId, message, refuseWithOpenOrders }: Erasing,
): Promise<Receipt> => {
  // Not made of the caller's key: a try that was refused has withdrawn its request, and the next makes another.
  const requestId = randomId();
  const request = { userId, requestId };
  const erase = message('EraseUser', { ...request, emailHash: await credentials.emailHashOf(userId) });
  const fence = sharedCommand(erase, { commandId: requestId, type: 'RequestErasure', data: request });

  const { answer } = await bus.send('users', fence);
  if (!(answer as Readonly<{ isErased: boolean }>).isErased) {
    try {
      await refuseWithOpenOrders();
    } catch (refusal) {
      // Why it was refused is what counts: where this does not get through, the policy withdraws the request.
      await bus.send('users', furtherCommand(fence, 'WithdrawErasure', request)).catch(() => undefined);
      throw refusal;
    }
  }
  const receipt = await bus.send('users', erase);
  await erasure.erase(userId);
  return receipt;
};
