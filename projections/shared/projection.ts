import type { Message } from '../../domains/shared/decider.js';

/** An event as a projection sees it: where it stands, when it came about, what it says. Personal fields are opened. */
export type ProjectedEvent<Event extends Message = Message> = Event &
  Readonly<{
    streamId: string;
    revision: number;
    /** ISO 8601 instant of the command that caused it. */
    at: string;
  }>;

/**
 * A view as data and a pure function. It knows no positions, transactions, batches or retries: the runner does.
 *
 * A row is what is kept of one key: plain JSON (integers, strings, booleans, null, lists and objects of them).
 */
export type Projection<Event extends Message, Row extends object> = Readonly<{
  name: string;
  /** Raised when the shape or the meaning of rows changes. */
  version: number;
  store: 'postgres' | 'mongodb';
  /** Whole categories: every event of them advances the view, those it ignores as well. */
  categories: readonly string[];
  /** The key of the row that an event changes; `null` for an event that changes none. */
  key: (event: ProjectedEvent<Event>) => string | null;
  /** The row after an event; the same row where it changes nothing, `null` where the row goes. */
  project: (event: ProjectedEvent<Event>, row: Row | undefined) => Row | null | undefined;
}>;
