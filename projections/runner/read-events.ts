import type { AnyAggregate } from '../../domains/shared/service.js';
import { presentEvent } from '../../infra/command-handling/readable-event.js';
import type { StoredEvent } from '../../infra/event-store/stored-event.js';
import { keptSealed } from '../../infra/security/sealing.js';
import type { Read } from './keyed.js';

/** Brings events to the shape in which views see them. */
export type ReadEvents = (batch: readonly StoredEvent[]) => readonly Read[];

/**
 * Brings stored events to the present shape of their types, by the kinds of streams that there are. Personal fields stay
 * sealed, as text. An event that this code does not know comes with the error.
 */
export const readEvents = (aggregates: readonly AnyAggregate[]): ReadEvents => {
  const present = presentFor(aggregates);
  return (batch) =>
    batch.map((stored) => {
      try {
        return { stored, event: present(stored) };
      } catch (error) {
        return { stored, error };
      }
    });
};

/**
 * Brings a stored event to the present shape of its type. What it gives throws Error where none of these kinds of streams
 * has the event's category, type or schema version.
 */
export const presentFor = (aggregates: readonly AnyAggregate[]) => {
  const byCategory = new Map(aggregates.map((aggregate) => [aggregate.category, aggregate]));
  return (stored: StoredEvent): StoredEvent => {
    const aggregate = byCategory.get(stored.category);
    if (!aggregate) throw new Error(`No context of this version has streams of the category ${stored.category}`);
    const { event, schema } = presentEvent(stored, aggregate);
    const metadata = { ...stored.metadata, schemaVersion: schema.version };
    return { ...stored, data: keptSealed(event.data, schema), metadata };
  };
};
