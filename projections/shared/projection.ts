import type { Message } from '../../domains/shared/decider.js';

/** An event as a projection sees it: where it stands, when it came about, what it says. */
export type ProjectedEvent<Event extends Message = Message> = Event &
  Readonly<{
    streamId: string;
    revision: number;
    /** ISO 8601 instant of the command that caused it. */
    at: string;
  }>;

/** What every view says of itself. */
type ViewTerms<Event extends Message> = Readonly<{
  name: string;
  /** Raised when the shape or the meaning of rows changes. */
  version: number;
  /** Older versions whose rows the queries can read as well: one of them serves on until this version is built. */
  serves?: readonly number[];
  /** Whole categories: every event of them advances the view, those it ignores as well. */
  categories: readonly string[];
  /**
   * Whose order an event keeps: events of one key are applied one after another, or parked together. `null` for an
   * event that changes nothing.
   */
  key: (event: ProjectedEvent<Event>) => string | null;
}>;

/**
 * A view as data and a pure function. It knows no positions, transactions, batches or retries: the runner does.
 *
 * A row is what is kept of one key: plain JSON (integers, strings, booleans, null, lists and objects of them).
 */
export type Projection<Event extends Message, Row extends object> = ViewTerms<Event> &
  Readonly<{
    store: 'postgres' | 'mongodb';
    /** The row after an event; the same row where it changes nothing, `null` where the row goes. */
    project: (event: ProjectedEvent<Event>, row: Row | undefined) => Row | null | undefined;
    /**
     * Fields of a row that are kept sealed, as they are in the log, under the names that they have there; the key of the
     * row is the person's id. Queries open them, as long as the person's key is there: no view holds them readable.
     */
    personal?: readonly (keyof Row & string)[];
    /** What whoever listens to the view is told of a change, beside its key; nothing personal. PostgreSQL only. */
    change?: (event: ProjectedEvent<Event>, row: Row | null) => object;
  }>;

/**
 * A view whose rows are shared by many keys: what each event adds to them. Additions commute, so it does not matter who
 * adds first. It lies in PostgreSQL, where they are in the transaction of the checkpoint.
 */
export type Tally<Event extends Message> = ViewTerms<Event> &
  Readonly<{
    store: 'postgres';
    additions: (event: ProjectedEvent<Event>) => readonly Addition[];
  }>;

/** Integers that are added to the fields of a row, which begin at 0. */
export type Addition = Readonly<{ row: string; add: Readonly<Record<string, number>> }>;
