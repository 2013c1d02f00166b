import type { AnyAggregate } from '../../../domains/shared/service.js';
import { presentEvent, type PresentEvent } from '../../../infra/command-handling/readable-event.js';
import type { StreamEvent } from '../../../infra/event-store/stored-event.js';
import { withoutPersonal } from '../../../infra/security/sealing.js';
import { traceIdOf } from '../../../infra/telemetry/tracing.js';
import type { TimelineEntry } from './timeline.js';

/** The order whose timeline it is, and whose it is. */
export type OrderOfTimeline = Readonly<{ orderId: string; userId: string }>;

/** Each event once: as it is told with its position, where it is told so at all. */
export const eachOnce = (events: readonly StreamEvent[]): readonly StreamEvent[] => {
  const byId = new Map<string, StreamEvent>();
  for (const event of events) if (event.position !== null || !byId.has(event.id)) byId.set(event.id, event);
  return [...byId.values()];
};

/** The streams that are the order's alone. */
export const streamsOf = (orderId: string): readonly string[] =>
  ['order', 'payment', 'shipment'].map((category) => `${category}-${orderId}`);

/**
 * Whether an event has to do with the order: it lies in one of its streams, or it names it, or it names no order and is
 * its owner's, such as what became of a notification. One correlation may lead to several orders.
 */
export const concerns = (
  { orderId, userId }: OrderOfTimeline,
  { streamId, data }: Pick<StreamEvent, 'streamId' | 'data'>,
): boolean => {
  const named = Object(data) as StreamEvent['data'];
  if (streamsOf(orderId).includes(streamId) || named['orderId'] === orderId) return true;
  return (named['orderId'] ?? null) === null && named['userId'] === userId;
};

/** Whether an event tells all that the platform tells of its own: others may have put anything into the store. */
export const isOurs = ({ data, metadata }: Pick<StreamEvent, 'data' | 'metadata'>): boolean =>
  Object(data) === data &&
  texts.every((name) => typeof metadata[name] === 'string') &&
  Number.isInteger(metadata.schemaVersion) &&
  !Number.isNaN(Date.parse(metadata.at)) &&
  /^[0-9a-f]{2}-[0-9a-f]{32}-/.test(metadata.traceparent);

const texts = ['$correlationId', '$causationId', 'commandId', 'actor', 'at', 'traceparent'] as const;

/**
 * The events as entries. Personal fields are `null`, and all data of an event that this version does not know: any of it
 * may be personal.
 */
export const eventEntries = (
  events: readonly StreamEvent[],
  aggregates: readonly AnyAggregate[],
): readonly TimelineEntry[] => events.map((event) => eventEntry(event, aggregates));

const eventEntry = (stored: StreamEvent, aggregates: readonly AnyAggregate[]): TimelineEntry => {
  const { id, category, type, streamId: stream, revision, position, created, metadata } = stored;
  const entry: Omit<TimelineEntry, 'detail'> = {
    ...{ at: created.getTime(), kind: category === 'payment' ? 'payment' : 'event', name: type },
    position: position && position.commit,
  };
  const place = { id, stream, revision, position: position && String(position.commit) };
  if (!isOurs(stored)) return { ...entry, detail: { ...place, data: null } };
  const { $correlationId: correlationId, $causationId: causationId, commandId } = metadata;
  const detail = { ...place, correlationId, causationId, commandId, data: dataOf(stored, aggregates) };
  return { ...entry, ...whoAndWhere(stored), detail };
};

const dataOf = (stored: StreamEvent, aggregates: readonly AnyAggregate[]): StreamEvent['data'] | null => {
  const aggregate = aggregates.find(({ category }) => category === stored.category);
  const present = aggregate && presentIfKnown(stored, aggregate);
  return present ? withoutPersonal(present.event, present.schema) : null;
};

const presentIfKnown = (stored: StreamEvent, aggregate: AnyAggregate): PresentEvent | null => {
  try {
    return presentEvent(stored, aggregate);
  } catch {
    // A type, or a version of one, that this code does not know: the entry says so by having no data.
    return null;
  }
};

/** What an event tells of whatever led to it, or came of it. */
export const whoAndWhere = ({ metadata, position }: StreamEvent) => ({
  actor: metadata.actor,
  traceId: traceIdOf(metadata.traceparent),
  position: position && position.commit,
});
