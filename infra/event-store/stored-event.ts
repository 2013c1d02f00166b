/** What is known of an event beside its data. `$correlationId` and `$causationId` are EventStoreDB's own names. */
export type EventMetadata = Readonly<{
  $correlationId: string;
  $causationId: string;
  commandId: string;
  /** HMAC of the request's body, where an idempotency key was given. */
  requestHash?: string;
  actor: string;
  /** ISO 8601 instant, UTC, at which the command entered the platform. */
  at: string;
  schemaVersion: number;
  /** W3C trace context of the command. */
  traceparent: string;
}>;

/** An event as it lies in the store. Personal fields are sealed. */
export type StoredEvent = Readonly<{
  id: string;
  streamId: string;
  category: string;
  /** Number in its stream, from 0. */
  revision: number;
  /** Place in `$all`; commit and prepare are kept apart, since a checkpoint needs both. */
  position: Position;
  type: string;
  data: Readonly<Record<string, unknown>>;
  metadata: EventMetadata;
  created: Date;
}>;

/** An event as a read of its stream gives it: EventStoreDB tells its place in `$all` only to readers of `$all`. */
export type StreamEvent = Omit<StoredEvent, 'position'> & Readonly<{ position: Position | null }>;

/** A place in `$all`. */
export type Position = Readonly<{ commit: bigint; prepare: bigint }>;

/** An event that is to be appended. */
export type NewEvent = Readonly<{
  id: string;
  type: string;
  data: Readonly<Record<string, unknown>>;
  metadata: EventMetadata;
}>;

/** The category of a stream: what stands before the first hyphen. */
export const categoryOf = (streamId: string) => streamId.slice(0, Math.max(0, streamId.indexOf('-')));

/** What stands after the first hyphen of a stream's name. */
export const idOf = (streamId: string) => streamId.slice(streamId.indexOf('-') + 1);
