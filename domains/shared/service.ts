import type { Decider, Message } from './decider.js';
import type { EventSchemas } from './event-schema.js';
import type { Policy } from './policy.js';
import type { Upcasters } from './upcast.js';

/** A kind of stream: its category (the streams are `<category>-<id>`), its decider, and how its events are stored. */
export type Aggregate<State, Command extends Message, Event extends Message> = Readonly<{
  category: string;
  decider: Decider<State, Command, Event>;
  events: EventSchemas<Event>;
  /** How events of earlier schema versions are brought to the present. */
  upcasters: Upcasters;
  /** For streams that grow long. */
  snapshot?: Snapshot<State>;
  /** For streams that are asked about far more often than they change: whether they did is then found out together. */
  readMostly?: true;
}>;

/**
 * How a state is kept as JSON. `version` is raised with every change of the state's shape or of `evolve`: snapshots of
 * another version are passed over. `restore` makes a state of what `JSON.parse` gives, where that is not one already.
 */
export type Snapshot<State> = Readonly<{ version: number; restore?: (json: unknown) => State }>;

/* eslint-disable @typescript-eslint/no-explicit-any -- lists of unlike definitions have no other common type */
export type AnyAggregate = Aggregate<any, any, any>;
export type AnyCommandDefinition = CommandDefinition<any>;
export type AnyQuestionDefinition = QuestionDefinition<any>;
/* eslint-enable @typescript-eslint/no-explicit-any */

/** A question to another context: its name there, and its data. */
export type Question = Readonly<{ context: string; question: string; data: unknown }>;

/** A stream of the context. */
export type StreamOfContext = Readonly<{ aggregate: AnyAggregate; id: string }>;

/** A command for one stream of the context. */
export type Step = StreamOfContext & Readonly<{ command: Message }>;

/** What is true of every command, wherever it goes: it is told to the context by whoever sends it. */
export type CommandFacts = Readonly<{
  /** ISO 8601 instant, UTC, read once at the edge and kept over retries. */
  at: string;
  /** Who caused it: a user id, or a name in brackets such as `(saga)`. */
  actor: string;
  /** UUID; the same when the command is repeated. */
  commandId: string;
  /** The UUIDv5 of a name in a namespace (RFC 9562, 5.5). */
  nameBasedId: (name: string, namespace: string) => string;
}>;

/**
 * A command that a context takes. `parse` makes sense of data from outside; `asks` says what other contexts must be
 * asked first; `steps` gives the streams it goes to, in order: the result speaks of the one whose command has the same
 * name. `answer` is what the sender hears, read off that stream's state just after the command. `changes` names that
 * stream where it follows from the data: a repeat is known by it also when what is asked has changed since.
 */
export type CommandDefinition<Data> = Readonly<{
  parse: (data: unknown) => Data;
  changes?: (data: Data) => StreamOfContext;
  asks?: (data: Data) => Readonly<Record<string, Question>>;
  steps: (data: Data, answers: Readonly<Record<string, unknown>>, facts: CommandFacts) => readonly [...Step[], Step];
  answer?: (state: never, data: Data) => unknown;
}>;

/**
 * A question that a context answers from the states of its own streams. With `opensPersonal` the states are folded with
 * personal fields readable, `null` where the person's key is gone; otherwise these are always `null`.
 */
export type QuestionDefinition<Data> = Readonly<{
  parse: (data: unknown) => Data;
  opensPersonal?: true;
  reads: (data: Data) => readonly StreamOfContext[];
  answer: (states: readonly never[], data: Data) => unknown;
}>;

/** A context as data: what it takes, what it answers. Whoever runs it needs to know nothing else of it. */
export type Service = Readonly<{
  context: string;
  aggregates: readonly AnyAggregate[];
  commands: Readonly<Record<string, AnyCommandDefinition>>;
  questions: Readonly<Record<string, AnyQuestionDefinition>>;
  policies: readonly Policy[];
}>;
