import type { StreamEvent } from '../../../infra/event-store/stored-event.js';
import type { JaegerSpan } from '../../../infra/telemetry/jaeger-query.js';
import { whoAndWhere } from './event-entries.js';
import type { TimelineEntry } from './timeline.js';

/**
 * The commands that led to the events, and the spans of their traces. The log says of a command when it entered the
 * platform, whose it was and what came of it; its type, and how long it took, only its span does. A span of a view that
 * applies one of the events is its projection. What others call their spans, who knows: those are left out.
 */
export const commandAndSpanEntries = (
  events: readonly StreamEvent[],
  spans: readonly JaegerSpan[],
): readonly TimelineEntry[] => {
  const ours = spans.filter(({ service }) => service.startsWith('evermart-'));
  // Of a command that was sent again, the first.
  const commandSpans = new Map(
    ours
      .filter(isCommand)
      .map((span) => [commandIdOf(span), span] as const)
      .toReversed(),
  );
  const commands = commandsOf(events).map((led) => commandEntry(led, commandSpans.get(led[0].metadata.commandId)));
  const commandIds = new Set(events.map(({ metadata }) => metadata.commandId));
  const applied = new Map(events.map((event) => [placeOf(event.streamId, event.revision), event]));
  const others = ours.flatMap((span) => {
    if (isCommand(span) && commandIds.has(commandIdOf(span))) return [];
    const event = isProjection(span) ? applied.get(appliedBy(span)) : undefined;
    return [event ? projectionEntry(span, event) : spanEntry(span)];
  });
  return [...commands, ...others];
};

/** At least one event each, oldest first. */
type LedTo = readonly [StreamEvent, ...StreamEvent[]];

const commandsOf = (events: readonly StreamEvent[]): readonly LedTo[] => {
  const byCommand = new Map<string, [StreamEvent, ...StreamEvent[]]>();
  for (const event of events) {
    const led = byCommand.get(event.metadata.commandId);
    if (led) led.push(event);
    else byCommand.set(event.metadata.commandId, [event]);
  }
  return [...byCommand.values()];
};

const isCommand = ({ name }: JaegerSpan) => name.startsWith(commandPrefix);
const commandPrefix = 'command ';

const commandIdOf = ({ attributes }: JaegerSpan) => String(attributes['commandId']);

const isProjection = ({ name }: JaegerSpan) => name.startsWith(projectionPrefix);
const projectionPrefix = 'project ';

const placeOf = (stream: unknown, revision: unknown) => `${String(revision)}@${String(stream)}`;
const appliedBy = ({ attributes }: JaegerSpan) => placeOf(attributes['stream'], attributes['revision']);

const commandEntry = (led: LedTo, span: JaegerSpan | undefined): TimelineEntry => {
  const [first] = led;
  const { commandId, at } = first.metadata;
  const types = led.map(({ type }) => type);
  return {
    at: span?.start ?? Date.parse(at),
    kind: 'command',
    name: span?.name.slice(commandPrefix.length) ?? `(leading to ${types.join(', ')})`,
    ...whoAndWhere(first),
    detail: { commandId, stream: first.streamId, events: types, ...(span && timingOf(span)) },
  };
};

const projectionEntry = (span: JaegerSpan, event: StreamEvent): TimelineEntry => {
  const { streamId: stream, revision, type } = event;
  return {
    at: span.start,
    kind: 'projection',
    name: span.name.slice(projectionPrefix.length),
    traceId: span.traceId,
    position: whoAndWhere(event).position,
    detail: { event: type, stream, revision, ...timingOf(span) },
  };
};

const spanEntry = (span: JaegerSpan): TimelineEntry => ({
  at: span.start,
  kind: 'span',
  name: span.name,
  traceId: span.traceId,
  detail: timingOf(span),
});

/** Nothing else of a span: attributes may hold anything. */
const timingOf = ({ service, spanId, parentSpanId, durationMs, attributes }: JaegerSpan) => ({
  ...{ service, spanId, parentSpanId, durationMs },
  ...(attributes['error'] === true ? { status: 'error', code: attributes['error.code'] ?? null } : { status: 'ok' }),
});
