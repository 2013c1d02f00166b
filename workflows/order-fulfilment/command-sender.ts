import { activityInfo } from '@temporalio/activity';
import type { Message } from '../../domains/shared/decider.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import { currentTraceparent } from '../../infra/telemetry/tracing.js';
import type { Origin } from './fulfilment.js';
import { idNamed } from './idempotency-keys.js';

/**
 * Sends a command of the saga and gives what the context answers. The same `name` again is the same command: it has
 * one effect, however often its activity is tried.
 */
export type SendCommand = (origin: Origin, context: string, command: Message, name: string) => Promise<unknown>;

export const createCommandSender =
  (bus: ServiceBus): SendCommand =>
  async ({ correlationId, causationId, traceparent }, context, { type, data }, name) => {
    const { answer } = await bus.send(context, {
      type,
      data,
      at: new Date(activityInfo().scheduledTimestampMs).toISOString(),
      commandId: idNamed(name),
      correlationId,
      causationId,
      actor: '(saga)',
      traceparent: currentTraceparent() ?? traceparent,
    });
    return answer;
  };
