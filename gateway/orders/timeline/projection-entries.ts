import type { StreamEvent } from '../../../infra/event-store/stored-event.js';
import type { ProjectionStatus } from '../../../projections/runner/queries.js';
import type { TimelineEntry } from './timeline.js';

/**
 * Where no trace tells when views applied the events: for each view that reads any of them, whether by now it has applied
 * the last one that it reads. Nothing of events whose position is not known.
 */
export const appliedByNow = (
  events: readonly StreamEvent[],
  views: readonly Pick<ProjectionStatus, 'name' | 'categories' | 'position'>[],
  now: number,
): readonly TimelineEntry[] =>
  views.flatMap(({ name, categories, position }): readonly TimelineEntry[] => {
    const last = lastOf(events.filter(({ category }) => categories.includes(category)));
    if (!last?.position) return [];
    const hasApplied = position !== null && BigInt(position) >= last.position.commit;
    const { type: event, streamId: stream, revision } = last;
    return [{ at: now, kind: 'projection', name, detail: { event, stream, revision, hasApplied, through: position } }];
  });

const lastOf = (events: readonly StreamEvent[]): StreamEvent | undefined =>
  events
    .toSorted(({ position: one }, { position: other }) => Number((one?.commit ?? 0n) - (other?.commit ?? 0n)))
    .at(-1);
