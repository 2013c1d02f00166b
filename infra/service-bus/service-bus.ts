/** A command on its way to a context. */
export type CommandMessage = Readonly<{
  type: string;
  data: unknown;
  /** ISO 8601 instant, UTC, read once at the edge and kept over retries. */
  at: string;
  /** UUID; a repeat with the same one has the effect, and the answer, of the first. */
  commandId: string;
  /**
   * It comes once: its id was made just now, and nobody sends it a second time. Whoever may send or deliver it again, as
   * the HTTP service bus does, leaves this out.
   */
  isNew?: true;
  /** HMAC of the request's body, where the caller chose the idempotency key. */
  requestHash?: string;
  correlationId: string;
  causationId?: string;
  /** Who caused it: a user id, or a name in brackets such as `(saga)`. */
  actor: string;
  /** W3C trace context. */
  traceparent: string;
}>;

/** A command that may come more than once. */
export const sentAgain = ({ isNew, ...message }: CommandMessage): CommandMessage => message;

/** How far a category was written: `$all`'s commit position, as a decimal string. */
export type Touched = Readonly<{ category: string; position: string }>;

/** What became of a command: where its stream stands, and what the context answers. */
export type Receipt = Readonly<{
  streamId: string;
  revision: number;
  position: string;
  category: string;
  /** One entry per category that the command went to. */
  touched: readonly Touched[];
  answer: unknown;
}>;

/** The one way to reach a context, whether it runs in this process or another. */
export type ServiceBus = Readonly<{
  /** @throws DomainError when a rule refuses it, or `service.unavailable` when the context cannot be reached. */
  send: (context: string, command: CommandMessage) => Promise<Receipt>;
  /** @throws DomainError as `send` does. */
  ask: (context: string, question: string, data: unknown) => Promise<unknown>;
}>;
