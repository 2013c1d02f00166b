import type { AnyAggregate } from '../../../domains/shared/service.js';
import type { EventStore } from '../../../infra/event-store/event-store.js';
import type { StoredEvent, StreamEvent } from '../../../infra/event-store/stored-event.js';
import type { JaegerQuery, JaegerSpan } from '../../../infra/telemetry/jaeger-query.js';
import { traceIdOf } from '../../../infra/telemetry/tracing.js';
import type { WorkflowReader } from '../../../infra/temporal/workflow-reader.js';
import type { ProjectionQueries } from '../../../projections/runner/queries.js';
import { concerns, eachOnce, eventEntries, isOurs, streamsOf, type OrderOfTimeline } from './event-entries.js';
import { appliedByNow } from './projection-entries.js';
import { sagaEntries, sagasOf } from './saga-steps.js';
import { atMost, ifThere, type Found, type Source } from './sources.js';
import { commandAndSpanEntries } from './span-entries.js';
import { inOrder, type TimelineEntry } from './timeline.js';

export type TimelineSources = Readonly<{
  eventStore: Pick<EventStore, 'readStream'>;
  /** All events under a correlation id. */
  correlations: Readonly<{
    eventsOf: (correlationIds: readonly string[], over: AbortSignal) => Promise<readonly StoredEvent[]>;
  }>;
  /** Every kind of stream. */
  aggregates: readonly AnyAggregate[];
  workflows: Pick<WorkflowReader, 'history'>;
  /** `null` where there is none. */
  jaeger: Pick<JaegerQuery, 'traces'> | null;
  projections: Pick<ProjectionQueries, 'list'>;
}>;

export type Timeline = Readonly<{
  traceIds: readonly string[];
  entries: readonly TimelineEntry[];
  /** The sources that could not be asked, or had more than is taken. */
  missing: readonly Source[];
}>;

/** An order is touched by some twenty requests; whoever sends tracking by the hundred waits for no more than these. */
const mostCorrelations = 20;
const mostSagas = 10;
const mostTraces = 10;
const mostSpans = 2_000;

/**
 * All that happened with an order, from the log, from Temporal and from Jaeger.
 *
 * @throws DomainError `service.unavailable` while the event store is away: without the rest, it is shown all the same.
 */
export const timelineOf = async (sources: TimelineSources, order: OrderOfTimeline): Promise<Timeline> => {
  const { aggregates, projections } = sources;
  const own = await ownEvents(sources, order);
  const correlated = await ifThere('correlations', (over) => correlatedEvents(sources, own.filter(isOurs), over));
  const all = eachOnce([...own, ...correlated.items]).filter((event) => concerns(order, event));
  const events = all.filter(isOurs);
  const traceIds = [...new Set(events.map(({ metadata }) => traceIdOf(metadata.traceparent)))];
  const [sagas, spans] = await Promise.all([
    ifThere('temporal', () => sagasFrom(sources, events)),
    ifThere('jaeger', () => spansFrom(sources, traceIds)),
  ]);
  const traced = commandAndSpanEntries(events, spans.items);
  const applied = traced.some(({ kind }) => kind === 'projection')
    ? { items: [], missing: [] }
    : await ifThere('projections', async () => ({
        items: appliedByNow(events, await projections.list(), Date.now()),
        missing: [],
      }));
  return {
    traceIds,
    entries: inOrder([...eventEntries(all, aggregates), ...traced, ...sagas.items, ...applied.items]),
    missing: [correlated, sagas, spans, applied].flatMap(({ missing }) => missing),
  };
};

const ownEvents = async (
  { eventStore }: TimelineSources,
  { orderId }: OrderOfTimeline,
): Promise<readonly StreamEvent[]> => {
  return (await Promise.all(streamsOf(orderId).map((stream) => allOf(eventStore.readStream(stream))))).flat();
};

const allOf = async <Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> => {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
};

const correlatedEvents = async (
  { correlations }: TimelineSources,
  own: readonly StreamEvent[],
  over: AbortSignal,
): Promise<Found<StoredEvent>> => {
  const all = [...new Set(own.map(({ metadata }) => metadata.$correlationId))];
  const { items: ids, missing } = atMost(mostCorrelations, all, 'correlations');
  return { items: await correlations.eventsOf(ids, over), missing };
};

const sagasFrom = async (
  { workflows }: TimelineSources,
  events: readonly StreamEvent[],
): Promise<Found<TimelineEntry>> => {
  const { items: sagas, missing } = atMost(mostSagas, sagasOf(events), 'temporal');
  const read = await Promise.all(
    sagas.map(async (saga) => ({ saga, history: await workflows.history(saga.workflowId) })),
  );
  const isCut = read.some(({ history }) => history?.isWhole === false);
  return {
    items: read.flatMap(({ saga, history }) => (history ? sagaEntries(saga, history, events) : [])),
    missing: isCut ? ['temporal'] : missing,
  };
};

const spansFrom = async ({ jaeger }: TimelineSources, traceIds: readonly string[]): Promise<Found<JaegerSpan>> => {
  if (!jaeger) return { items: [], missing: ['jaeger'] };
  const asked = atMost(mostTraces, traceIds, 'jaeger');
  const spans = atMost(mostSpans, await jaeger.traces(asked.items), 'jaeger');
  return { items: spans.items, missing: asked.missing.length > 0 ? asked.missing : spans.missing };
};
