import { nameBasedId } from '../../infra/ids/name-based-id.js';
import type { CommandMessage, Receipt } from '../../infra/service-bus/service-bus.js';

/** The namespace of ids of the further commands of a request (RFC 9562, 5.5). */
const namespace = 'c4b5f1de-70d5-4f86-9b0e-0b6f6a1f7f52';

/** Another command of the same request: its id follows from the request's and from what it says. */
export const furtherCommand = (message: CommandMessage, type: string, data: unknown): CommandMessage =>
  sharedCommand(message, {
    commandId: nameBasedId(JSON.stringify([message.commandId, type, data]), namespace),
    type,
    data,
  });

/** A command of the request that others may send too, all under the id that it is given here. */
export const sharedCommand = (
  { at, commandId: causationId, correlationId, actor, traceparent }: CommandMessage,
  command: Pick<CommandMessage, 'commandId' | 'type' | 'data'>,
): CommandMessage => ({ ...command, at, causationId, correlationId, actor, traceparent });

/** What the last of several commands came to, and everything that was written on the way. */
export const together = (earlier: Receipt, last: Receipt): Receipt => ({
  ...last,
  touched: [...earlier.touched, ...last.touched],
});
