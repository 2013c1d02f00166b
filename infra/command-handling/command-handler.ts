import type { Message } from '../../domains/shared/decider.js';
import { DomainError, isDomainError } from '../../domains/shared/errors.js';
import type { Step, StreamOfContext } from '../../domains/shared/service.js';
import { RevisionConflict, type Appended, type EventStore } from '../event-store/event-store.js';
import type { NewEvent } from '../event-store/stored-event.js';
import type { PersonalKeys } from '../security/personal-keys.js';
import { inSpan } from '../telemetry/tracing.js';
import type { Aggregates } from './aggregates.js';
import { after, revisionOf, streamOf, unread, type Loaded } from './loaded.js';
import { newEvents, type StepFacts } from './new-events.js';
import type { Mark } from './recent-commands.js';
import { createStreamQueue } from './stream-queue.js';

/** What a command did to one stream: where the stream stands, and the aggregate's state just after. */
export type Handled = Readonly<{ streamId: string; revision: number; position: bigint; state: unknown }>;

/** Turns commands into events: load, decide, append; one way for all. */
export type CommandHandler = Readonly<{
  /**
   * Handles a command for one stream. A repeated `commandId` has no effect, and gives what the first one gave.
   *
   * @throws DomainError when a rule refuses it; `idempotency.mismatch` when the id was used for another request;
   * `command.conflict` when others were faster each time; `service.unavailable` when the store is away.
   */
  handle: (step: Step, facts: StepFacts) => Promise<Handled>;
  /** What the command gave when it was handled before; `null` where it was not. @throws DomainError as `handle` does. */
  repeated: (stream: StreamOfContext, facts: StepFacts) => Promise<Handled | null>;
}>;

export type CommandHandlerSettings = Readonly<{
  eventStore: Pick<EventStore, 'append' | 'head'>;
  aggregates: Aggregates;
  personalKeys: PersonalKeys;
  /** Is told of each command that somebody else was faster than, and that is decided anew. */
  onConflict?: ((commandType: string) => void) | undefined;
}>;

/** How often a command is decided anew after others were faster. */
const mostAttempts = 20;

export const createCommandHandler = (settings: CommandHandlerSettings): CommandHandler => {
  const { eventStore, aggregates, personalKeys, onConflict } = settings;
  const inTurn = createStreamQueue();

  const untilDecided = async (step: Step, facts: StepFacts): Promise<Handled> => {
    const { aggregate, id, command } = step;
    const known = aggregates.known(aggregate, id) ?? (facts.isNew ? unread(aggregate) : undefined);
    let believed = known ?? (await aggregates.current(aggregate, id));
    for (let attempt = 1, isCurrent = known === undefined; attempt <= mostAttempts; attempt += 1, isCurrent = true) {
      try {
        return await decideOn(step, facts, believed, isCurrent);
      } catch (error) {
        if (!(error instanceof RevisionConflict)) throw error;
        onConflict?.(command.type);
        believed = await aggregates.current(aggregate, id);
      }
    }
    throw new DomainError('command.conflict', `${command.type} met other changes each time; send it again`);
  };

  /** A decision that appends nothing is believed only on what was read just now. */
  const decideOn = async (step: Step, facts: StepFacts, believed: Loaded, isCurrent: boolean): Promise<Handled> => {
    const mark = markOf(believed, facts);
    if (mark) return firstAnswer(step, believed, mark);
    const { events, refusal } = decide(step, believed);
    if (events.length > 0) return append(step, facts, believed, events);
    if (!isCurrent) return decideOn(step, facts, await aggregates.current(step.aggregate, step.id), true);
    if (refusal) throw refusal;
    const { last, state } = believed;
    const position = last === null ? 0n : await positionOf(last.position);
    return { streamId: streamOf(step.aggregate, step.id), revision: revisionOf(believed), position, state };
  };

  const append = async (
    step: Step,
    facts: StepFacts,
    believed: Loaded,
    events: readonly Message[],
  ): Promise<Handled> => {
    const { aggregate, id } = step;
    const streamId = streamOf(aggregate, id);
    return inSpan(`append ${aggregate.category}`, { kind: 'client', attributes: { stream: streamId } }, async () => {
      const stored = await newEvents(aggregate, events, facts, personalKeys);
      const write = () => eventStore.append(streamId, stored, believed.last?.revision ?? 'no_stream');
      if (mayDiffer(facts)) {
        await write();
        return confirmed(step, facts);
      }
      const loaded = await aggregates.appended(aggregate, id, async () => grown(step, believed, stored, await write()));
      const position = await positionOf(loaded.last?.position ?? null);
      return { streamId, revision: revisionOf(loaded), position, state: loaded.state };
    });
  };

  /**
   * The store takes an append of event ids that it holds at this revision for the first one again, whatever their data:
   * where another process may have come to other events for the same command, what counts is what was stored.
   */
  const confirmed = async (step: Step, facts: StepFacts): Promise<Handled> => {
    const stored = await aggregates.current(step.aggregate, step.id);
    const mark = markOf(stored, facts);
    if (!mark) throw new Error(`What ${step.command.type} appended is not in its stream`);
    return firstAnswer(step, stored, mark);
  };

  const firstAnswer = async (
    { aggregate, id }: StreamOfContext,
    loaded: Loaded,
    { revision, position }: Mark,
  ): Promise<Handled> => ({
    streamId: streamOf(aggregate, id),
    revision,
    position: await positionOf(position),
    state: revision === revisionOf(loaded) ? loaded.state : await aggregates.stateAt(aggregate, id, revision),
  });

  /** Where the place of an event is not told, the end of the log is a place that is not before it. */
  const positionOf = async (known: bigint | null): Promise<bigint> => known ?? (await eventStore.head())?.commit ?? 0n;

  return {
    handle: (step, facts) =>
      inSpan(`command ${step.command.type}`, { attributes: { commandId: facts.commandId } }, () =>
        inTurn(streamOf(step.aggregate, step.id), () => untilDecided(step, facts)),
      ),
    repeated: async (stream, facts) => {
      const loaded = await aggregates.current(stream.aggregate, stream.id);
      const mark = markOf(loaded, facts);
      return mark ? firstAnswer(stream, loaded, mark) : null;
    },
  };
};

/** Whether the same command may come to other events elsewhere: by another body, or by other answers to what it asks. */
const mayDiffer = ({ requestHash, asks, isNew }: StepFacts): boolean =>
  requestHash !== undefined || (asks === true && isNew !== true);

type Decision = Readonly<{ events: readonly Message[]; refusal?: Error }>;

const decide = ({ aggregate, command }: Step, { state }: Loaded): Decision => {
  try {
    return { events: aggregate.decider.decide(command, state) as readonly Message[] };
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return { events: [], refusal: error };
  }
};

const grown = (
  { aggregate, id }: Step,
  believed: Loaded,
  stored: readonly NewEvent[],
  { revision, position }: Appended,
): Loaded => {
  const first = revision - stored.length + 1;
  return stored.reduce(
    (loaded, event, index) =>
      after(aggregate, loaded, { ...event, streamId: streamOf(aggregate, id), revision: first + index, position }),
    believed,
  );
};

const markOf = ({ commands }: Loaded, { commandId, requestHash }: StepFacts): Mark | undefined => {
  const mark = commands.find(commandId);
  if (mark && mark.requestHash !== requestHash)
    throw new DomainError('idempotency.mismatch', 'The Idempotency-Key was used with another body; take a new one');
  return mark;
};
