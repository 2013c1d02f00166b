import {
  BACKWARDS,
  END,
  EventStoreDBClient,
  FORWARDS,
  jsonEvent,
  NO_STREAM,
  START,
  StreamNotFoundError,
  WrongExpectedVersionError,
  type ReadAllOptions,
  type ReadStreamOptions,
  type ResolvedEvent,
  type StreamingRead,
} from '@eventstore/db-client';
import type { Readable } from 'node:stream';
import { firstNewer, follow, readNewer, type Followed, type FollowOptions, type Newer } from './follow.js';
import { lastStoredBy } from './last-stored-by.js';
import { lastPosition, passOver, readAll, soon, type AllPart } from './read-all.js';
import { stored, storedInStream, unavailable } from './recorded.js';
import type { NewEvent, Position, StoredEvent, StreamEvent } from './stored-event.js';

/** The revision that a stream must have for an append: that of its last event, or none at all. */
export type ExpectedRevision = number | 'no_stream';

export type Appended = Readonly<{ revision: number; position: Position }>;

/** Somebody else appended first. */
export class RevisionConflict extends Error {
  override readonly name = 'RevisionConflict';
}

/** Which events of a stream to read: from a revision on, or back from it, and how many. */
export type StreamPart = Readonly<{
  from?: number | undefined;
  most?: number | undefined;
  direction?: 'forwards' | 'backwards' | undefined;
}>;

export type EventStore = Readonly<{
  /**
   * Appends all events or none.
   *
   * @throws RevisionConflict when the stream is not at `expected`; DomainError `service.unavailable` when the store
   * does not answer.
   */
  append: (streamId: string, events: readonly NewEvent[], expected: ExpectedRevision) => Promise<Appended>;
  /**
   * The events of a stream, oldest first, from its beginning or a revision, all or at most `most` of them; backwards,
   * latest first, from its end or a revision. None where there is no such stream. Leaving it before its end ends the call.
   */
  readStream: (streamId: string, part?: StreamPart) => AsyncIterable<StreamEvent>;
  /**
   * The events of the categories after a position (from the beginning without one), up to what was last when it was
   * asked, or later.
   */
  readNewer: (categories: readonly string[], after: Position | null) => Promise<Newer>;
  /**
   * The events of `$all` up to what is the last one now, in batches that may be empty; streams whose names begin with `$`
   * are left out. The store is read no further than is dealt with, and leaving it ends the call.
   *
   * @throws DomainError `service.unavailable` when the store goes away; DamagedLog, after all events before it, where the
   * store says that an event does not read as it was written.
   */
  readAll: (part: AllPart) => AsyncIterable<readonly StoredEvent[]>;
  /** The first `most` events of all streams after a position, or from the beginning; fewer when there are no more. */
  readAllAfter: (after: Position | null, most: number) => Promise<readonly StoredEvent[]>;
  /**
   * Follows all streams, or those of the categories, in the order of `$all`, from after a position (from the beginning without
   * one), for ever: each batch is what had come when the one before was done with. Ends when `signal` is aborted; throws
   * when the store goes away.
   */
  follow: (categories: Followed, options: FollowOptions) => AsyncIterable<readonly StoredEvent[]>;
  /** The first event of the categories after a position; `null` where there is none. @throws DomainError while the store is away. */
  firstNewer: (categories: readonly string[], after: Position | null) => Promise<StoredEvent | null>;
  /**
   * The position of the last event that was stored at an instant or before it; `null` where there is none. The longer ago
   * that is, the longer it takes: it throws the reason of `signal` once that is aborted.
   */
  lastStoredBy: (instant: Date, signal: AbortSignal) => Promise<Position | null>;
  /** The position of the last event of the store; `null` while it is empty. */
  head: () => Promise<Position | null>;
  dispose: () => Promise<void>;
}>;

/** Connects lazily to EventStoreDB (or the embedded store) by its `esdb://` connection string. */
export const createEventStore = (url: string): EventStore => {
  const client = EventStoreDBClient.connectionString(url);
  return {
    append: async (streamId, events, expected) => {
      const revision = expected === 'no_stream' ? NO_STREAM : BigInt(expected);
      try {
        const { nextExpectedRevision, position } = await client.appendToStream(
          streamId,
          events.map((event) => jsonEvent({ ...event, data: event.data, metadata: event.metadata })),
          { expectedRevision: revision },
        );
        if (!position) throw new Error('The event store acknowledged an append without a position');
        return { revision: Number(nextExpectedRevision), position };
      } catch (error) {
        if (error instanceof WrongExpectedVersionError) throw new RevisionConflict(streamId);
        throw unavailable(error);
      }
    },
    readStream: (streamId, { from, most, direction = 'forwards' } = {}) =>
      readStream(client, streamId, {
        direction: direction === 'forwards' ? FORWARDS : BACKWARDS,
        fromRevision: from === undefined ? (direction === 'forwards' ? START : END) : BigInt(from),
        requiresLeader: true,
        ...(most === undefined ? {} : { maxCount: most }),
      }),
    readNewer: (categories, after) => readNewer(client, categories, after),
    readAll: (part) => readAll(client, part),
    readAllAfter: (after, most) => readAllAfter(client, after, most),
    follow: (categories, options) => follow(client, categories, options),
    firstNewer: (categories, after) => firstNewer(client, categories, after),
    lastStoredBy: (instant, signal) => lastStoredBy(client, instant, signal),
    head: () => lastPosition(client),
    dispose: () => client.dispose(),
  };
};

const readAllAfter = async (
  client: EventStoreDBClient,
  after: Position | null,
  most: number,
): Promise<readonly StoredEvent[]> => {
  const events: StoredEvent[] = [];
  try {
    // The read begins with the event at the position itself.
    const maxCount = after === null ? most : most + 1;
    const part: ReadAllOptions = { direction: FORWARDS, fromPosition: after ?? START, maxCount, ...soon };
    for await (const { event } of client.readAll(part))
      if (event && (after === null || event.position.commit > after.commit)) events.push(stored(event));
    return events;
  } catch (error) {
    throw unavailable(error);
  }
};

const readStream = (
  client: EventStoreDBClient,
  streamId: string,
  options: ReadStreamOptions,
): AsyncIterable<StreamEvent> => ({
  [Symbol.asyncIterator]: () => {
    const read = client.readStream(streamId, options);
    // One that is left before it is read fails as well, and nobody else hears of it.
    read.on('error', () => undefined);
    const events = eventsOf(read);
    return {
      next: () => events.next(),
      // The generator alone would wait for the next event, and the client would keep the call.
      return: async () => {
        await read.cancel();
        passOver(read as unknown as Readable);
        return { done: true, value: undefined };
      },
    };
  },
});

async function* eventsOf(read: StreamingRead<ResolvedEvent>): AsyncGenerator<StreamEvent> {
  try {
    for await (const { event } of read) if (event) yield storedInStream(event);
  } catch (error) {
    if (error instanceof StreamNotFoundError) return;
    throw unavailable(error);
  }
}
