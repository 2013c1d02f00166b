import type { ExpectedRevision, StreamState } from '../../rules/append-rules.js';
import type { Direction } from '../reads.js';
import type { ProposedEvent, RecordedEvent } from '../recorded-event.js';
import type { WriteResult, Writes } from '../writes.js';

/**
 * Test-only. EventStoreDB's streams said as simply as can be: one array of events, from which all else is worked out
 * anew each time. Slow on purpose, and of the store it shares nothing but types.
 */
export type Model = Writes &
  Readonly<{
    /** $all, oldest first. */
    all: () => readonly RecordedEvent[];
    /** The position of the last event ever written, 0 before the first. */
    head: () => number;
    /** The names of the streams that were ever written. */
    streams: () => readonly string[];
    stateOf: (stream: string) => StreamState;
    /** The events that readers of the stream see, oldest first. */
    readable: (stream: string) => readonly RecordedEvent[];
    /** What a read from a revision on gives, to its end. */
    read: (stream: string, direction: Direction, from: number) => readonly RecordedEvent[];
    /** What a read of $all gives: from the position on when forwards, before it when backwards. */
    readAll: (direction: Direction, from: number) => readonly RecordedEvent[];
    /** Leaves what can be read, and the last event of every stream. */
    scavenge: () => void;
    /** What an event resolves to: itself, or, as a link `revision@stream`, the event it leads to unless it is dead. */
    resolve: (event: RecordedEvent) => Readonly<{ link?: RecordedEvent; event: RecordedEvent | undefined }>;
  }>;

/** The id of every event that the store adds by itself. */
export const madeByTheStore = 'made by the store';

/** A tombstone's revision, and with it the last of its stream. */
export const tombstone = Number.MAX_SAFE_INTEGER;

/** The largest int64, as JSON.parse reads it. */
const softDeletion = 2 ** 63;

/** The model of a log without events. */
export const openModel = (): Model => {
  const events: RecordedEvent[] = [];
  const lastRevisions = new Map<string, number>();
  let head = 0;

  const append: Writes['append'] = (stream, expected, proposed) => {
    if (isTombstoned(stream)) return { type: 'deleted' };
    if (expected === 'stream_exists' && isSoftDeleted(stream)) return { type: 'deleted' };
    const known = proposed.map(({ id }, index) => revisionKnownFor(stream, expected, id, index));
    const last = known.at(-1);
    if (last !== undefined && !known.includes(undefined))
      return { type: 'written', last, position: eventAt(stream, last)?.position };
    const isPartlyKnown = known[0] !== undefined;
    if (isPartlyKnown || !holds(expected, stream, proposed)) return { type: 'wrong-version', last: lastOf(stream) };
    if (proposed.length === 0) return { type: 'written', last: lastOf(stream), position: undefined };
    if (isSoftDeleted(stream)) undelete(stream);
    const owner = isMetadataStream(stream) ? stream.slice(2) : undefined;
    const reopens = owner !== undefined && isSoftDeleted(owner);
    const answer = record(stream, proposed);
    if (reopens) undelete(owner);
    return answer;
  };

  /** With a number, only what follows it can be a repeat; without one, what was written last under the id. */
  const revisionKnownFor = (stream: string, expected: ExpectedRevision, id: string, index: number) => {
    if (expected === 'any' || expected === 'stream_exists')
      return eventsOf(stream).findLast((event) => event.id === id)?.revision;
    const event = eventAt(stream, numberOf(expected) + 1 + index);
    return event?.id === id ? event.revision : undefined;
  };

  const holds = (expected: ExpectedRevision, stream: string, proposed: readonly ProposedEvent[]) => {
    if (expected === 'any') return true;
    if (expected === 'stream_exists') return lastOf(stream) >= 0 || hasMetadata(stream);
    if (expected === 'no_stream' && isSoftDeleted(stream) && proposed.length > 0) return true;
    return numberOf(expected) === lastOf(stream);
  };

  const undelete = (stream: string) => {
    const kept = objectIn(textOf(latestMetadata(stream)));
    record(metadataStreamOf(stream), [metadataEvent({ ...kept, $tb: lastOf(stream) + 1 })]);
  };

  /** Asks what an append of nothing asks. */
  const softDelete: Writes['softDelete'] = (stream, expected) => {
    const answer = append(stream, expected, []);
    if (answer.type !== 'written') return answer;
    if (lastOf(stream) < 0 && !hasMetadata(stream)) return { type: 'wrong-version', last: -1 };
    return record(metadataStreamOf(stream), [storeEvent('$metadata', '{"$tb":9223372036854775807}')]);
  };

  const tombstoneStream: Writes['tombstone'] = (stream, expected) => {
    const answer = append(stream, expected, []);
    return answer.type === 'written' ? record(stream, [storeEvent('$streamDeleted', '')], tombstone) : answer;
  };

  const record = (stream: string, proposed: readonly ProposedEvent[], first = lastOf(stream) + 1): WriteResult => {
    for (const [index, event] of proposed.entries()) {
      head += 1;
      events.push({ ...event, stream, position: head, revision: first + index, created: Date.now() });
      lastRevisions.set(stream, first + index);
    }
    return { type: 'written', last: lastOf(stream), position: head };
  };

  const eventsOf = (stream: string) => events.filter((event) => event.stream === stream);
  const eventAt = (stream: string, revision: number) => eventsOf(stream).find((event) => event.revision === revision);
  const lastOf = (stream: string) => lastRevisions.get(stream) ?? -1;

  /** A metadata stream is closed with its owner. */
  const isTombstoned = (stream: string): boolean =>
    lastOf(stream) === tombstone || (isMetadataStream(stream) && isTombstoned(stream.slice(2)));

  const latestMetadata = (stream: string) =>
    isMetadataStream(stream) ? undefined : eventsOf(metadataStreamOf(stream)).at(-1);
  const hasMetadata = (stream: string) => latestMetadata(stream) !== undefined;
  const isSoftDeleted = (stream: string) => limitsOf(stream).truncateBefore === softDeletion;

  /** A metadata stream shows its last event, whatever metadata it has. */
  const limitsOf = (stream: string) =>
    isMetadataStream(stream) ? { ...noLimits, maxCount: 1 } : limitsIn(textOf(latestMetadata(stream)));

  const readable: Model['readable'] = (stream) => {
    if (isTombstoned(stream)) return [];
    const { truncateBefore, maxCount, maxAge } = limitsOf(stream);
    return eventsOf(stream).filter(
      ({ revision, created }) =>
        revision >= truncateBefore && revision > lastOf(stream) - maxCount && created >= Date.now() - maxAge * 1000,
    );
  };

  const read: Model['read'] = (stream, direction, from) =>
    direction === 'forwards'
      ? readable(stream).filter(({ revision }) => revision >= from)
      : readable(stream)
          .filter(({ revision }) => revision <= from)
          .toReversed();

  const readAll: Model['readAll'] = (direction, from) =>
    direction === 'forwards'
      ? events.filter(({ position }) => position >= from)
      : events.filter(({ position }) => position < from).toReversed();

  const resolve: Model['resolve'] = (event) => {
    const [revision = '', ...stream] = textOf(event).split('@');
    if (event.type !== '$>' || revision === '' || !Number.isInteger(Number(revision))) return { event };
    const target = readable(stream.join('@')).find((one) => one.revision === Number(revision));
    return { link: event, event: target };
  };

  const scavenge = () => {
    const kept = events.filter((event) => isKept(event) || readable(event.stream).includes(event));
    events.splice(0, events.length, ...kept);
  };

  /** The metadata of a tombstoned stream is of no use. */
  const isKept = ({ stream, revision }: RecordedEvent) =>
    revision === lastOf(stream) && (revision === tombstone || !isTombstoned(stream));

  const stateOf: Model['stateOf'] = (stream) => ({
    last: isTombstoned(stream) ? tombstone : lastOf(stream),
    isSoftDeleted: isSoftDeleted(stream),
    hasMetadata: hasMetadata(stream),
  });

  return {
    append,
    softDelete,
    tombstone: tombstoneStream,
    all: () => events,
    head: () => head,
    streams: () => [...lastRevisions.keys()],
    stateOf,
    readable,
    read,
    readAll,
    scavenge,
    resolve,
  };
};

const noLimits = { truncateBefore: 0, maxCount: Infinity, maxAge: Infinity };

/** One wrong number, and none of the metadata counts. */
const limitsIn = (metadata: string) => {
  try {
    const { $tb = 0, $maxCount = 0, $maxAge = 0 } = JSON.parse(metadata) as Record<string, unknown>;
    if (![$tb, $maxCount, $maxAge].every(isInt64)) return noLimits;
    return {
      truncateBefore: Math.max($tb as number, 0),
      maxCount: ($maxCount as number) > 0 ? ($maxCount as number) : Infinity,
      maxAge: ($maxAge as number) > 0 ? ($maxAge as number) : Infinity,
    };
  } catch {
    return noLimits;
  }
};

const objectIn = (text: string): object => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
};

const isInt64 = (value: unknown) => Number.isInteger(value) && Math.abs(value as number) <= 2 ** 63;
const numberOf = (expected: 'no_stream' | number) => (expected === 'no_stream' ? -1 : expected);
const isMetadataStream = (stream: string) => stream.startsWith('$$');
const metadataStreamOf = (stream: string) => `$$${stream}`;
const textOf = (event: RecordedEvent | undefined) => Buffer.from(event?.data ?? []).toString();
const metadataEvent = (metadata: object) => storeEvent('$metadata', JSON.stringify(metadata));

const storeEvent = (type: string, data: string): ProposedEvent => ({
  id: madeByTheStore,
  type,
  isJson: type === '$metadata',
  metadata: Buffer.alloc(0),
  data: Buffer.from(data),
});
