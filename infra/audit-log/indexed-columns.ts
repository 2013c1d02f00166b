import type { StoredEvent } from '../event-store/stored-event.js';
import { correlationKey } from './correlation-key.js';

/** What the log keeps of an event to find it by, beside the digest that says what the event is. */
export type IndexedColumns = Readonly<{
  position: bigint;
  prepare: bigint;
  stream: string;
  revision: number;
  correlation: string | null;
  latest: Date;
}>;

/** What the log keeps of events to find them by, given the latest time at which one before them was created. */
export const indexedColumns = (events: readonly StoredEvent[], before: Date | null): readonly IndexedColumns[] => {
  let latest = before;
  return events.map((event) => {
    // The clocks of those who append may differ.
    latest = latest === null || event.created > latest ? event.created : latest;
    const { position, streamId, revision } = event;
    return {
      position: position.commit,
      prepare: position.prepare,
      stream: withoutNul(streamId),
      revision,
      correlation: correlationOf(event),
      latest,
    };
  });
};

/** PostgreSQL's texts cannot have it. */
export const withoutNul = (text: string): string => text.replaceAll('\0', '\ufffd');

const correlationOf = ({ metadata }: StoredEvent): string | null => {
  // Events that others have appended may have any metadata, or none.
  const correlationId = (metadata as Readonly<Record<string, unknown>> | null | undefined)?.['$correlationId'];
  return typeof correlationId === 'string' ? correlationKey(correlationId) : null;
};

/** The columns of a row of `audit_entries` as one text, in SQL; the time in microseconds, as PostgreSQL has it. */
export const selectedColumnsText = `
  concat_ws(' ', position, prepare, revision, extract(epoch from latest) * 1000000, coalesce(correlation::text, '-'), stream)`;

/** The same text of what the columns ought to be. */
export const columnsText = ({ position, prepare, stream, revision, correlation, latest }: IndexedColumns): string =>
  `${position} ${prepare} ${revision} ${latest.getTime() * 1_000}.000000 ${correlation ?? '-'} ${stream}`;
