import { nameBasedId } from '../ids/name-based-id.js';
import type { Message } from '../../domains/shared/decider.js';
import type { AnyAggregate } from '../../domains/shared/service.js';
import type { EventMetadata, NewEvent } from '../event-store/stored-event.js';
import type { PersonalKeys } from '../security/personal-keys.js';
import { sealEvent } from '../security/sealing.js';
import type { CommandMessage } from '../service-bus/service-bus.js';
import { currentTraceparent } from '../telemetry/tracing.js';
import { schemaOf } from './readable-event.js';

/** The facts of a command that go with each of its steps; `commandId` is the step's own. */
export type StepFacts = Omit<CommandMessage, 'type' | 'data'> &
  Readonly<{
    /** It was decided on answers of other contexts, which may differ the next time. */
    asks?: boolean;
  }>;

/**
 * The events of a command as they are stored: ids from the command's, personal fields sealed, metadata on every one.
 *
 * @throws DomainError `user.not_found` when an event tells personal things of somebody who was erased;
 * `service.unavailable` when a person's key can be neither read nor made.
 */
export const newEvents = (
  aggregate: AnyAggregate,
  events: readonly Message[],
  facts: StepFacts,
  personalKeys: PersonalKeys,
): Promise<readonly NewEvent[]> => {
  const metadata = metadataOf(facts);
  return Promise.all(
    events.map(async (event, index) => {
      const schema = schemaOf(aggregate, event);
      return {
        id: nameBasedId(String(index), facts.commandId),
        type: event.type,
        data: await sealEvent(personalKeys, event, schema),
        metadata: { ...metadata, schemaVersion: schema.version },
      };
    }),
  );
};

const metadataOf = (facts: StepFacts): Omit<EventMetadata, 'schemaVersion'> => ({
  $correlationId: facts.correlationId,
  $causationId: facts.causationId ?? facts.commandId,
  commandId: facts.commandId,
  ...(facts.requestHash === undefined ? {} : { requestHash: facts.requestHash }),
  actor: facts.actor,
  at: facts.at,
  traceparent: currentTraceparent() ?? facts.traceparent,
});
