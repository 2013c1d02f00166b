import { v5 as nameBasedId } from 'uuid';
import type { Message } from '../../domains/shared/decider.js';
import { DomainError } from '../../domains/shared/errors.js';
import type { EventSchema } from '../../domains/shared/event-schema.js';
import type { Step } from '../../domains/shared/service.js';
import { RevisionConflict, type EventStore } from '../event-store/event-store.js';
import type { EventMetadata, NewEvent } from '../event-store/stored-event.js';
import type { PersonalKeys } from '../security/personal-keys.js';
import { sealEvent } from '../security/sealing.js';
import type { CommandMessage } from '../service-bus/service-bus.js';
import { currentTraceparent, inSpan } from '../telemetry/tracing.js';
import { loadAggregate, type Loaded, type Mark } from './load-aggregate.js';
import { createStreamQueue } from './stream-queue.js';

/** What a command did to one stream: where the stream stands, and the aggregate's state just after. */
export type Handled = Readonly<{ streamId: string; revision: number; position: bigint; state: unknown }>;

/** The facts of a command that go with each of its steps; `commandId` is the step's own. */
export type StepFacts = Omit<CommandMessage, 'type' | 'data'>;

/** Turns commands into events: load, decide, append; one way for all. */
export type CommandHandler = Readonly<{
  /**
   * Handles a command for one stream. A repeated `commandId` has no effect, and gives what the first one gave.
   *
   * @throws DomainError when a rule refuses it; `idempotency.mismatch` when the id was used for another request;
   * `command.conflict` when others were faster each time; `service.unavailable` when the store is away.
   */
  handle: (step: Step, facts: StepFacts) => Promise<Handled>;
  /** Whether the command was handled before. @throws DomainError `idempotency.mismatch` as `handle` does. */
  wasHandled: (step: Step, facts: StepFacts) => Promise<boolean>;
}>;

/** How often a command is decided anew after others were faster. */
const mostAttempts = 10;

export const createCommandHandler = ({
  eventStore,
  personalKeys,
}: Readonly<{ eventStore: EventStore; personalKeys: PersonalKeys }>): CommandHandler => {
  const inTurn = createStreamQueue();

  const attempt = async ({ aggregate, id, command }: Step, facts: StepFacts): Promise<Handled> => {
    const streamId = `${aggregate.category}-${id}`;
    const loaded = await loadAggregate(eventStore, aggregate, id);
    const mark = markOf(loaded, facts);
    if (mark) {
      const { state } = await loadAggregate(eventStore, aggregate, id, mark.revision + 1);
      return { streamId, ...mark, state };
    }
    const events = aggregate.decider.decide(command, loaded.state) as readonly Message[];
    if (events.length === 0) return { streamId, revision: -1, position: 0n, ...loaded.last, state: loaded.state };
    const { revision, position } = await inSpan(
      `append ${aggregate.category}`,
      { kind: 'client', attributes: { stream: streamId, events: events.length } },
      async () => {
        const metadata = metadataOf(facts, currentTraceparent());
        const sealed = await Promise.all(
          events.map((event, index) => newEvent(event, index, schemaOf(aggregate.events, event), metadata)),
        );
        return eventStore.append(streamId, sealed, loaded.last?.revision ?? 'no_stream');
      },
    );
    return {
      streamId,
      revision,
      position: position.commit,
      state: events.reduce(aggregate.decider.evolve, loaded.state),
    };
  };

  const newEvent = async (
    event: Message,
    index: number,
    schema: EventSchema<Record<string, unknown>>,
    metadata: Omit<EventMetadata, 'schemaVersion'>,
  ): Promise<NewEvent> => ({
    id: nameBasedId(String(index), metadata.commandId),
    type: event.type,
    data: await sealEvent(personalKeys, event, schema),
    metadata: { ...metadata, schemaVersion: schema.version },
  });

  return {
    handle: (step, facts) =>
      inSpan(`command ${step.command.type}`, { attributes: { commandId: facts.commandId } }, () =>
        inTurn(`${step.aggregate.category}-${step.id}`, async () => {
          for (let tries = 1; ; tries += 1) {
            try {
              return await attempt(step, facts);
            } catch (error) {
              if (!(error instanceof RevisionConflict)) throw error;
              if (tries === mostAttempts)
                throw new DomainError(
                  'command.conflict',
                  `${step.command.type} met other changes each time; send it again`,
                );
            }
          }
        }),
      ),
    wasHandled: async ({ aggregate, id }, facts) =>
      markOf(await loadAggregate(eventStore, aggregate, id), facts) !== undefined,
  };
};

const markOf = ({ commands }: Loaded, { commandId, requestHash }: StepFacts): Mark | undefined => {
  const mark = commands.get(commandId);
  if (mark && mark.requestHash !== requestHash)
    throw new DomainError('idempotency.mismatch', 'The Idempotency-Key was used with another body; take a new one');
  return mark;
};

const metadataOf = (facts: StepFacts, traceparent: string | undefined): Omit<EventMetadata, 'schemaVersion'> => ({
  $correlationId: facts.correlationId,
  $causationId: facts.causationId ?? facts.commandId,
  commandId: facts.commandId,
  ...(facts.requestHash === undefined ? {} : { requestHash: facts.requestHash }),
  actor: facts.actor,
  at: facts.at,
  traceparent: traceparent ?? facts.traceparent,
});

const schemaOf = (
  schemas: Readonly<Record<string, unknown>>,
  { type }: Message,
): EventSchema<Record<string, unknown>> => {
  const schema = schemas[type] as EventSchema<Record<string, unknown>> | undefined;
  if (!schema) throw new Error(`${type} has no schema in events.ts`);
  return schema;
};
