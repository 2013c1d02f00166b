import type { StoredEvent } from '../../infra/event-store/stored-event.js';
import { inSpan } from '../../infra/telemetry/tracing.js';

/** A larger batch is of long ago, or of many: nobody waits to see one of its events, and their spans would cost more than it. */
const mostTraced = 50;

/**
 * Runs `work`, which applies `batch` to `view`, within a span for each event: a child of the command that caused it, so
 * that one trace goes from a request to what is seen of it. A batch of a view that catches up has none.
 */
export const inSpansOf = async <Result>(
  view: string,
  batch: readonly StoredEvent[],
  work: () => Promise<Result>,
): Promise<Result> => {
  if (batch.length > mostTraced) return work();
  const applied = work();
  await Promise.all(batch.map((event) => inSpanOf(view, event, () => applied)));
  return applied;
};

const inSpanOf = (
  view: string,
  { metadata, streamId, revision, position, type }: StoredEvent,
  work: () => Promise<unknown>,
): Promise<unknown> => {
  // Events of other writers need not have a trace.
  const { traceparent } = metadata as Partial<StoredEvent['metadata']>;
  if (traceparent === undefined) return work();
  const attributes = { view, stream: streamId, revision, position: position.commit.toString(), event: type };
  return inSpan(`project ${view}`, { kind: 'consumer', parent: traceparent, attributes }, work);
};
