import type { StoredEvent } from '../../infra/event-store/stored-event.js';

/** Which events are wanted; whatever is left out does not matter. `from` is included, `to` is not: times of storing. */
export type EventFilter = Readonly<{
  category?: string | undefined;
  type?: string | undefined;
  actor?: string | undefined;
  correlationId?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
}>;

export const isWantedBy =
  ({ category, type, actor, correlationId, from, to }: EventFilter) =>
  (event: Pick<StoredEvent, 'category' | 'type' | 'metadata' | 'created'>): boolean =>
    (category === undefined || event.category === category) &&
    (type === undefined || event.type === type) &&
    (actor === undefined || event.metadata.actor === actor) &&
    (correlationId === undefined || event.metadata.$correlationId === correlationId) &&
    (from === undefined || event.created >= from) &&
    (to === undefined || event.created < to);
