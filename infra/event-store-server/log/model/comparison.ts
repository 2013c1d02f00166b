import { deepStrictEqual } from 'node:assert/strict';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { openCursor, type Passed, type Place } from '../../protocol/cursor.js';
import { resolvingAnswer } from '../../protocol/links.js';
import type { EventLog } from '../event-log.js';
import { pageLength, type Direction, type StoredEvent } from '../reads.js';
import type { RecordedEvent } from '../recorded-event.js';
import { isOwnId } from './changes.js';
import { madeByTheStore, type Model } from './model.js';

/** Test-only. Compares all that can be seen of the log with the model. @throws AssertionError at a difference. */
export const compareWhole = (model: Model, log: EventLog): void => {
  deepStrictEqual(log.head(), model.head());
  for (const direction of ['forwards', 'backwards'] as const) {
    compareEvents(readToEnd(log, { direction }), model.readAll(direction, startOf(direction)));
    for (const stream of ['missing', ...model.streams()])
      compareEvents(readToEnd(log, { source: stream, direction }), model.read(stream, direction, startOf(direction)));
  }
  for (const stream of ['missing', '$$missing', ...model.streams()]) compareState(stream, model, log);
  compareLinks(model, log);
};

/** Compares what the rules of an append are told of a stream. @throws AssertionError at a difference. */
export const compareState = (stream: string, model: Model, log: EventLog): void => {
  const { last, isSoftDeleted, hasMetadata } = log.stream(stream);
  deepStrictEqual({ stream, last, isSoftDeleted, hasMetadata }, { stream, ...model.stateOf(stream) });
};

/** Compares events as readers see them, except for the time. @throws AssertionError at a difference. */
export const compareEvents = (stored: readonly StoredEvent[], expected: readonly RecordedEvent[]): void =>
  deepStrictEqual(
    stored.map((event) => visible({ ...event, ...event.payload() })),
    expected.map(visible),
  );

/**
 * All that a reader gets who reads page by page, each of at most `limit` events.
 *
 * @throws Error when a page is longer, or does not go on where the one before ended, or wrongly says that it is the last.
 */
export const readToEnd = (log: EventLog, place: Partial<Place>, limit = pageLength): StoredEvent[] => {
  const { source, direction = 'forwards', from = startOf(direction), filter } = place;
  const next = openCursor(log.reads, { source, direction, from, filter });
  const all: Passed[] = [];
  for (let isLast = false; !isLast;) {
    const page = next(limit);
    if (!filter && page.passed.length > limit) throw new Error(`A page is longer than ${limit}`);
    if (page.passed[0]?.position === all.at(-1)?.position && !page.isLast) throw new Error('A page does not go on');
    all.push(...page.passed);
    isLast = page.isLast;
  }
  if (next(limit).passed.length > 0) throw new Error('More follows the last page');
  return all.flatMap(({ event }) => event ?? []);
};

const startOf = (direction: Direction) => (direction === 'forwards' ? 0 : Number.MAX_SAFE_INTEGER);

const visible = ({ position, stream, revision, id, type, isJson, metadata, data }: Omit<RecordedEvent, 'created'>) => ({
  position,
  stream,
  revision,
  id: isOwnId(id) ? id : madeByTheStore,
  type,
  isJson,
  metadata: Buffer.from(metadata).toString('latin1'),
  data: Buffer.from(data).toString('latin1'),
});

const compareLinks = (model: Model, log: EventLog) => {
  const answer = resolvingAnswer(log.reads);
  for (const event of readToEnd(log, {}).filter(({ type }) => type === '$>')) {
    const read = streams.ReadResp.deserializeBinary(answer(event)).getEvent();
    const [expected] = model.readAll('forwards', event.position).map(model.resolve);
    deepStrictEqual(
      { link: placeOf(read?.getLink()), event: placeOf(read?.getEvent()) },
      { link: nameOf(expected?.link), event: nameOf(expected?.event) },
    );
  }
};

const placeOf = (event: streams.ReadResp.ReadEvent.RecordedEvent | undefined) =>
  event &&
  `${event.getStreamRevision()}@${Buffer.from(event.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString()}`;

const nameOf = (event: RecordedEvent | undefined) => event && `${event.revision}@${event.stream}`;
