import fc from 'fast-check';
import type { Message } from '../decider.js';
import { isDomainError } from '../errors.js';
import type { EventSchema } from '../event-schema.js';
import type { AnyAggregate, Service, Step } from '../service.js';

/** A context whose streams lie in memory. Its commands are taken step by step, so that they can be stopped between. */
export type ContextInMemory = Readonly<{
  /** Begins a command; each `next` does one step more: asking first, then every stream. The value is the refusal. */
  begin: (type: string, data: unknown, facts: Readonly<{ commandId: string; at: string }>) => Progress;
  /** Takes a command to its end; gives the code of the refusal. */
  send: (type: string, data: unknown, facts: Readonly<{ commandId: string; at: string }>) => string | null;
  ask: (question: string, data: unknown) => unknown;
  /** The ids of the streams of a category that have events. */
  idsOf: (category: string) => readonly string[];
  eventsOf: (streamId: string) => readonly Message[];
}>;

type Progress = Generator<undefined, string | null, undefined>;
type Stored = Readonly<{ event: Message; commandId: string }>;

/** Takes commands as a service bus does: a step that its stream knows by its command id is not decided again. */
export const contextInMemory = (service: Service): ContextInMemory => {
  const streams = new Map<string, readonly Stored[]>();
  const storedIn = (streamId: string) => streams.get(streamId) ?? [];

  const stateOf = (aggregate: AnyAggregate, id: string, isOpened: boolean): unknown =>
    storedIn(`${aggregate.category}-${id}`)
      .map(({ event }) => (isOpened ? event : sealed(aggregate, event)))
      .reduce<unknown>((state, event) => aggregate.decider.evolve(state, event) as unknown, aggregate.decider.initial);

  const ask = (question: string, data: unknown): unknown => {
    const definition = service.questions[question];
    if (!definition) throw new Error(`There is no question ${question}`);
    const states = definition
      .reads(data)
      .map(({ aggregate, id }) => stateOf(aggregate, id, definition.opensPersonal === true) as never);
    return definition.answer(states, data);
  };

  const handle = ({ aggregate, id, command }: Step, commandId: string) => {
    const streamId = `${aggregate.category}-${id}`;
    if (storedIn(streamId).some((stored) => stored.commandId === commandId)) return;
    const events = aggregate.decider.decide(command, stateOf(aggregate, id, false)) as readonly Message[];
    if (events.length > 0)
      streams.set(streamId, [...storedIn(streamId), ...events.map((event) => ({ event, commandId }))]);
  };

  const begin: ContextInMemory['begin'] = function* (type, data, { commandId, at }) {
    const definition = service.commands[type];
    if (!definition) throw new Error(`There is no command ${type}`);
    try {
      const parsed: unknown = definition.parse(data);
      const asked = Object.entries(definition.asks?.(parsed) ?? {});
      const answers = Object.fromEntries(
        asked.map(([name, { question, data: about }]) => [name, ask(question, about)]),
      );
      const nameBasedId = (name: string, namespace: string) => `${namespace}/${name}`;
      const steps = definition.steps(parsed, answers, { commandId, at, actor: '(test)', nameBasedId });
      for (const step of steps) {
        yield;
        const stepId = `${commandId}/${step.aggregate.category}-${step.id}`;
        handle(step, steps.length === 1 ? commandId : stepId);
      }
      return null;
    } catch (error) {
      if (isDomainError(error)) return error.code;
      throw error;
    }
  };

  return {
    begin,
    send: (type, data, facts) => {
      const progress = begin(type, data, facts);
      for (;;) {
        const { done, value } = progress.next();
        if (done) return value;
      }
    },
    ask,
    idsOf: (category) =>
      [...streams.keys()].filter((id) => id.startsWith(`${category}-`)).map((id) => id.slice(category.length + 1)),
    eventsOf: (streamId) => storedIn(streamId).map(({ event }) => event),
  };
};

const sealed = ({ events }: AnyAggregate, { type, data }: Message): Message => {
  const { personal } = events[type] as EventSchema<Record<string, unknown>>;
  return { type, data: { ...(data as object), ...Object.fromEntries((personal?.fields ?? []).map((f) => [f, null])) } };
};

/** A begun command, or the advance of one that was begun. Both name theirs by a number. */
type Move = Readonly<{ kind: 'begin' | 'advance'; which: number }>;

/** A few commands, and how they are delivered: repeatedly, at once, and cut off anywhere. */
export const deliveriesOf = <Command>(command: fc.Arbitrary<Command>) =>
  fc.record({
    commands: fc.array(command, { minLength: 2, maxLength: 10 }),
    moves: fc.array(
      fc.record<Move>({ kind: fc.constantFrom('begin', 'advance', 'advance', 'advance'), which: fc.nat(99) }),
      { minLength: 20, maxLength: 120 },
    ),
  });

/** Delivers commands to a context, calling `check` after every step. */
export const deliver = (
  context: ContextInMemory,
  commands: readonly Message[],
  moves: readonly Move[],
  check: () => void,
): void => {
  const begun: Progress[] = [];
  for (const { kind, which } of moves) {
    if (kind === 'begin' || begun.length === 0) {
      const index = which % commands.length;
      const { type, data } = commands[index] as Message;
      begun.push(context.begin(type, data, { commandId: `command${index}`, at: '2026-01-01T00:00:00.000Z' }));
    } else begun[which % begun.length]?.next();
    check();
  }
};
