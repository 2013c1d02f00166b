import type { Message } from '../../../domains/shared/decider.js';
import type { Projection, Tally } from '../projection.js';

/** The hour at which the n-th event of `rowAfter` came about. */
export const hour = (n: number) => new Date(Date.UTC(2030, 0, 1, n)).toISOString();

/**
 * Specs only. The row after events, one an hour; `streamOf` gives the stream of each, by default one for all. Revisions
 * count per stream.
 */
export const rowAfterFor =
  <Event extends Message, Row extends object>(
    { project }: Projection<Event, Row>,
    streamOf: (event: Event) => string = () => 'stream-1',
  ) =>
  (...events: Event[]): Row | undefined => {
    const revisions = new Map<string, number>();
    return events.reduce<Row | undefined>((row, event, index) => {
      const streamId = streamOf(event);
      const revision = (revisions.get(streamId) ?? -1) + 1;
      revisions.set(streamId, revision);
      const after = project({ ...event, streamId, revision, at: hour(index) }, row);
      return after === undefined ? row : (after ?? undefined);
    }, undefined);
  };

/** Specs only. The rows of a tally after events that came about at these instants. */
export const totalsAfterFor =
  <Event extends Message>({ additions }: Tally<Event>) =>
  (...told: readonly (readonly [at: string, event: Event])[]): Readonly<Record<string, Record<string, number>>> => {
    const totals: Record<string, Record<string, number>> = {};
    told.forEach(([at, event], revision) => {
      for (const { row, add } of additions({ ...event, streamId: 'stream-1', revision, at })) {
        const total = (totals[row] ??= {});
        for (const [name, by] of Object.entries(add)) total[name] = (total[name] ?? 0) + by;
      }
    });
    return totals;
  };
