import type { AnyAggregate } from '../../domains/shared/service.js';
import { presentEvent } from '../../infra/command-handling/readable-event.js';
import type { StoredEvent } from '../../infra/event-store/stored-event.js';

/** Brings a stored event to the present shape of its type. */
export type Present = (event: StoredEvent) => StoredEvent;

/**
 * Events as projections know them, by the kinds of streams that there are. Personal fields stay sealed. What it gives
 * throws Error where none of these has the event's category, type or schema version.
 */
export const presentFor = (aggregates: readonly AnyAggregate[]): Present => {
  const byCategory = new Map(aggregates.map((aggregate) => [aggregate.category, aggregate]));
  return (stored) => {
    const aggregate = byCategory.get(stored.category);
    if (!aggregate) throw new Error(`No context of this version has streams of the category ${stored.category}`);
    const { event, schema } = presentEvent(stored, aggregate);
    return { ...stored, data: event.data, metadata: { ...stored.metadata, schemaVersion: schema.version } };
  };
};
