import type { Position } from '../event-store/stored-event.js';

/** Where an event lies. */
export type Indexed = Readonly<{ position: Position; streamId: string; revision: number }>;

/** A stream: its first event and its last. */
export type IndexedStream = Readonly<{ streamId: string; lastRevision: number }>;

/**
 * Finds events by what the audit log keeps beside their digests, without a look through the whole store. It only says
 * where to look: what an event says is read from the store. Everything throws DomainError `service.unavailable` while
 * PostgreSQL is away.
 */
export type AuditIndex = Readonly<{
  /** The events under a correlation id, in their order; those beyond `through` are for the store to tell. */
  ofCorrelation: (
    correlationId: string,
    most: number,
  ) => Promise<Readonly<{ found: readonly Indexed[]; through: Position | null }>>;
  /** A place after which every event lies that was created at `instant` or later; `null` is the beginning. */
  before: (instant: Date) => Promise<Position | null>;
  /** Streams whose names begin with `prefix`, by name, those after a name. */
  streams: (
    prefix: string,
    page: Readonly<{ after: string | null; limit: number }>,
  ) => Promise<readonly IndexedStream[]>;
}>;
