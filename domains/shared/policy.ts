/** An event as a policy sees it. Personal fields are `null` unless the policy opens them. */
export type PolicyEvent = Readonly<{
  id: string;
  streamId: string;
  type: string;
  data: Readonly<Record<string, unknown>>;
  /** ISO 8601 instant, UTC, of the command that caused it. */
  at: string;
}>;

/** A command that a policy sends. */
export type PolicyCommand = Readonly<{ context: string; type: string; data: unknown }>;

/**
 * "Whenever this has happened, do that": the rule by which an event leads to a command, in its own context or another.
 * Events are read from the log, so that what a dying process left undone is done by the next one. A command may be sent
 * more than once, always under the same id: UUIDv5 of the policy's name and `key`.
 */
export type Policy = Readonly<{
  /** `<context>/<what it does>`; kept for ever, since ids of commands are made from it. */
  name: string;
  /** The stream category and type of the events that it waits for. */
  category: string;
  type: string;
  /** `grace`: only after whoever caused the event had time to go on by themselves (setting GRACE_SECONDS). */
  after: 'at_once' | 'grace';
  /** Gives `command` the personal fields readable, `null` where the person's key is gone. */
  opensPersonal?: true;
  /** What the command's id is made from, beside the policy's name; the event's id where this is left out. */
  key?: (event: PolicyEvent) => string;
  /** What is to be done; `null` for nothing. */
  command: (event: PolicyEvent) => PolicyCommand | null;
  /** What is to be done where a rule refuses the command, with the refusal's code. Nothing without it. */
  otherwise?: (event: PolicyEvent, code: string) => PolicyCommand;
}>;
