import { isDomainError } from '../../domains/shared/errors.js';
import type { Policy, PolicyCommand, PolicyEvent } from '../../domains/shared/policy.js';
import type { AnyAggregate } from '../../domains/shared/service.js';
import { presentEvent } from '../command-handling/readable-event.js';
import type { StreamEvent } from '../event-store/stored-event.js';
import type { Log } from '../logging/log.js';
import type { PersonalKeys } from '../security/personal-keys.js';
import { openEvent, withoutPersonal } from '../security/sealing.js';
import type { ServiceBus } from '../service-bus/service-bus.js';
import { isTransient } from '../service-bus/transient.js';
import { currentTraceparent, inSpan } from '../telemetry/tracing.js';
import { policyCommandId } from './policy-command-id.js';
import type { Reaction } from './reaction.js';

/** What policies need: the way to the contexts, and how the events of each category are read. */
export type PolicyParts = Readonly<{
  bus: ServiceBus;
  aggregates: readonly AnyAggregate[];
  personalKeys: PersonalKeys;
  log: Log;
}>;

/** A policy as what it does: it sends its command, or the one for where that is refused. */
export const sendingCommand = (policy: Policy, parts: PolicyParts): Reaction => {
  const { bus, log } = parts;
  const { name, category, type, after } = policy;

  const send = (stored: StreamEvent, command: PolicyCommand, commandId: string) =>
    inSpan(`policy ${name}`, { kind: 'consumer', parent: stored.metadata.traceparent }, () =>
      bus.send(command.context, {
        type: command.type,
        data: command.data,
        at: new Date().toISOString(),
        commandId,
        correlationId: stored.metadata.$correlationId,
        causationId: stored.id,
        actor: `(${name})`,
        traceparent: currentTraceparent() ?? stored.metadata.traceparent,
      }),
    );

  const react = async (stored: StreamEvent): Promise<void> => {
    const event = await policyEvent(policy, stored, parts);
    const command = policy.command(event);
    if (!command) return;
    const key = policy.key?.(event) ?? event.id;
    try {
      await send(stored, command, policyCommandId(name, key));
    } catch (error) {
      if (!isDomainError(error) || isTransient(error)) throw error;
      log.debug({ policy: name, eventId: event.id, code: error.code }, 'the command of a policy was refused');
      const instead = policy.otherwise?.(event, error.code);
      if (instead) await send(stored, instead, policyCommandId(`${name}/otherwise`, key));
    }
  };
  return { name, category, type, after, react };
};

const policyEvent = async (
  { name, category, opensPersonal }: Policy,
  stored: StreamEvent,
  { aggregates, personalKeys }: PolicyParts,
): Promise<PolicyEvent> => {
  const aggregate = aggregates.find((each) => each.category === category);
  if (!aggregate) throw new Error(`The policy ${name} reads ${category}, which no context has`);
  const { event, schema } = presentEvent(stored, aggregate);
  const data = opensPersonal ? await openEvent(personalKeys, event, schema) : withoutPersonal(event, schema);
  return { id: stored.id, streamId: stored.streamId, type: stored.type, data, at: stored.metadata.at };
};
