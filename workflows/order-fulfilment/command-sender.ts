import type { Message } from '../../domains/shared/decider.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import { currentTraceparent } from '../../infra/telemetry/tracing.js';
import type { Cause } from './fulfilment.js';
import { idNamed } from './idempotency-keys.js';

/**
 * Sends a command of the saga and gives what the context answers. The same `name` again is the same command: it has
 * one effect, however often its activity is tried.
 */
export type SendCommand = (cause: Cause, context: string, command: Message, name: string) => Promise<unknown>;

/** The actor of whatever a saga does: by it the relay knows what nobody else asked for. */
export const sagaActor = '(saga)';

export const createCommandSender =
  (bus: ServiceBus): SendCommand =>
  async ({ at, correlationId, causationId, traceparent }, context, { type, data }, name) => {
    const { answer } = await bus.send(context, {
      type,
      data,
      at,
      commandId: idNamed(name),
      correlationId,
      causationId,
      actor: sagaActor,
      traceparent: currentTraceparent() ?? traceparent,
    });
    return answer;
  };
