import type { AnyAggregate } from '../../../domains/shared/service.js';
import { presentEvent } from '../../../infra/command-handling/readable-event.js';
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

/**
 * Whether an event has to do with the order: it names it, or it names no order and is its owner's, such as what became of
 * a notification. One correlation may lead to several orders.
 */
export const concerns = ({ orderId, userId }: OrderOfTimeline, { data }: Pick<StreamEvent, 'data'>): boolean =>
  data['orderId'] === orderId || ((data['orderId'] ?? null) === null && data['userId'] === userId);

/** The events as entries. Personal fields are `null`. @throws Error where this code does not know one. */
export const eventEntries = (
  events: readonly StreamEvent[],
  aggregates: readonly AnyAggregate[],
): readonly TimelineEntry[] => events.map((event) => eventEntry(event, aggregateOf(event, aggregates)));

const aggregateOf = ({ category }: StreamEvent, aggregates: readonly AnyAggregate[]): AnyAggregate => {
  const aggregate = aggregates.find((each) => each.category === category);
  if (!aggregate) throw new Error(`No aggregate of this version has events of ${category}`);
  return aggregate;
};

const eventEntry = (stored: StreamEvent, aggregate: AnyAggregate): TimelineEntry => {
  const { event, schema } = presentEvent(stored, aggregate);
  const { id, category, streamId: stream, revision, position, created, metadata } = stored;
  const { $correlationId: correlationId, $causationId: causationId, commandId } = metadata;
  return {
    at: created.getTime(),
    kind: category === 'payment' ? 'payment' : 'event',
    name: event.type,
    ...whoAndWhere(stored),
    detail: {
      ...{ id, stream, revision, position: position && String(position.commit) },
      ...{ correlationId, causationId, commandId, data: withoutPersonal(event, schema) },
    },
  };
};

/** What an event tells of whatever led to it, or came of it. */
export const whoAndWhere = ({ metadata, position }: StreamEvent) => ({
  actor: metadata.actor,
  traceId: traceIdOf(metadata.traceparent),
  position: position && position.commit,
});
